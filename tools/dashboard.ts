import { alarm, graph, panelsOf, type Row, source } from "./dashboard-panel.ts";

/** Of which operators: a variable of the dashboard. */
const of = 'job=~"$job"';
const metric = (name: string, matcher = "") => `metadata_mirror_${name}{${of}${matcher && `, ${matcher}`}}`;
const rate = (name: string) => `rate(${metric(name)}[$__rate_interval])`;
const increase = (name: string) => `increase(${metric(name)}[$__rate_interval])`;
const sum = (by: string, expression: string) => `sum by (${by}) (${expression})`;
const quantile = (q: number, histogram: string) =>
  [`histogram_quantile(${q}, ${sum("le", rate(`${histogram}_bucket`))})`, `p${q * 100}`] as const;
/** A metric that every program has, of ours. */
const ofProcess = (expression: string) => `${expression} and on (job, instance) ${metric("build_info")}`;

const rows: readonly Row[] = [
  {
    title: "Freshness",
    panels: [
      alarm(
        "Watches that are late",
        "Watches that have proved nothing for longer than the bookmarks of the API server are apart.",
        `count(${metric("watch_contact_age_seconds")} > ${metric("watch_contact_bound_seconds")}) or vector(0)`,
      ),
      alarm(
        "Stale mirrors",
        "Mirrors that depend on a watch that follows no longer.",
        `sum(${metric("mirrors_stale")})`,
      ),
      alarm(
        "Shards without an owner",
        "Nobody keeps the mirrors of these.",
        `(max(${metric("shards")}) - sum(${metric("shards_held")})) or vector(0)`,
      ),
      alarm(
        "Failed passes, 5 minutes",
        "Conflicts are left out: they say that our view was a moment behind.",
        `sum(increase(${metric("pass_failures_total", 'code!~"conflict|already-exists"')}[5m])) or vector(0)`,
      ),
      graph(
        "Propagation",
        "s",
        "From the first change that a write shows, as a watch told of it, to the answer to that write.",
        quantile(0.5, "propagation_seconds"),
        quantile(0.99, "propagation_seconds"),
      ),
      graph(
        "Age of the watches",
        "s",
        "How long ago each last proved to follow the API server, and how long it may be.",
        [`max by (resource, scope) (${metric("watch_contact_age_seconds")})`, "{{resource}} {{scope}}"],
        [`max by (resource) (${metric("watch_contact_bound_seconds")})`, "{{resource}}, bound"],
      ),
      graph(
        "Mirrors: since when not proven equal",
        "s",
        "The ten that were last known to equal the truth the longest ago.",
        [`topk(10, time() - ${metric("mirror_fresh_timestamp_seconds")})`, "{{namespace}}/{{mirror}}"],
      ),
      graph(
        "Relists and faults of watches",
        "short",
        "Faults are tried again; a relist reads all objects of a resource.",
        [sum("resource, reason", increase("watch_relists_total")), "relist {{resource}}: {{reason}}"],
        [sum("resource, code", increase("watch_faults_total")), "fault {{resource}}: {{code}}"],
      ),
      graph("Open watches", "short", "Watches that are open, rather than waiting for another try.", [
        sum("resource", metric("watches_open")),
        "{{resource}}",
      ]),
    ],
  },
  {
    title: "Writes",
    panels: [
      graph("ConfigMaps written", "ops", "By the reason; repair is of what somebody else had changed.", [
        sum("reason", rate("configmap_writes_total")),
        "{{reason}}",
      ]),
      graph("Bytes stored", "Bps", "What etcd stores of them.", [
        sum("instance", rate("configmap_written_bytes_total")),
        "{{instance}}",
      ]),
      graph("Held back by the byte budget", "ops", "Writes and refreshes, by namespace.", [
        sum("namespace", rate("throttled_total")),
        "{{namespace}}",
      ]),
      graph(
        "Passes",
        "ops",
        "Over a mirror, and those that failed and are tried again.",
        [sum("instance", rate("passes_total")), "{{instance}}"],
        [sum("code", rate("pass_failures_total")), "failed: {{code}}"],
      ),
      graph(
        "Events",
        "short",
        "Kubernetes Events created, and dropped since there were too many.",
        [`sum(${increase("events_created_total")})`, "created"],
        [`sum(${increase("events_dropped_total")})`, "dropped"],
      ),
    ],
  },
  {
    title: "Queue",
    panels: [
      graph("Depth", "short", "Mirrors that wait for a worker.", [metric("queue_depth"), "{{instance}}"]),
      graph("Oldest", "s", "For how long the mirror that waits for the longest time has.", [
        metric("queue_oldest_seconds"),
        "{{instance}}",
      ]),
      graph("Coalesced changes", "cps", "Changes that joined others that waited already.", [
        sum("instance", rate("coalesced_changes_total")),
        "{{instance}}",
      ]),
    ],
  },
  {
    title: "Refresh",
    panels: [
      graph(
        "Refreshes",
        "ops",
        "Pods that were told of a change, and refusals.",
        [`sum(${rate("refreshes_total")})`, "refreshed"],
        [sum("namespace", rate("refresh_refusals_total")), "refused: {{namespace}}"],
      ),
      graph(
        "Lag",
        "s",
        "From a change of what a pod mounts, as the watch shows it, to the answer to the patch that tells the pod.",
        quantile(0.5, "refresh_lag_seconds"),
        quantile(0.99, "refresh_lag_seconds"),
      ),
      graph("Waiting", "short", "Pods that are yet to be told.", [metric("refresh_waiting"), "{{instance}}"]),
    ],
  },
  {
    title: "Replicas",
    panels: [
      graph("Shards held", "short", "Each shard has one holder.", [metric("shards_held"), "{{instance}}"]),
      graph("Mirrors kept", "short", "By each replica.", [metric("mirrors_owned"), "{{instance}}"]),
      graph(
        "Leases",
        "s",
        "How long ago the Lease was renewed that wasn't for the longest time: at 10 the shard is lost.",
        [metric("lease_unrenewed_seconds"), "{{instance}}"],
      ),
      graph("Faults of Leases", "short", "Requests that failed and are tried again.", [
        sum("instance, code", increase("lease_faults_total")),
        "{{instance}}: {{code}}",
      ]),
    ],
  },
  {
    title: "Process",
    panels: [
      graph(
        "Memory",
        "bytes",
        "Resident, and what of it is JavaScript's.",
        [ofProcess(`process_resident_memory_bytes{${of}}`), "{{instance}}"],
        [ofProcess(`nodejs_heap_size_used_bytes{${of}}`), "{{instance}}, heap"],
      ),
      graph("Processor", "s", "Seconds a second.", [
        ofProcess(`rate(process_cpu_seconds_total{${of}}[$__rate_interval])`),
        "{{instance}}",
      ]),
      graph("Open files", "short", "Connections among them.", [ofProcess(`process_open_fds{${of}}`), "{{instance}}"]),
      graph("Versions", "short", "How many replicas run which.", [
        `count by (version) (${metric("build_info")})`,
        "{{version}}",
      ]),
    ],
  },
];

/** The dashboard of the operator, as Grafana imports it. */
export function dashboard(): object {
  return {
    uid: "metadata-mirror",
    title: "Metadata Mirror",
    description: "What each panel and each alert means is in docs/monitoring.md.",
    tags: ["metadata-mirror"],
    schemaVersion: 42,
    editable: true,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    templating: {
      list: [
        { name: "datasource", label: "Data source", type: "datasource", query: "prometheus" },
        {
          name: "job",
          label: "Job",
          type: "query",
          datasource: source,
          query: { query: "label_values(metadata_mirror_build_info, job)", refId: "job" },
          refresh: 2,
          multi: true,
          includeAll: true,
          allValue: ".*",
          current: { text: "All", value: "$__all" },
        },
      ],
    },
    panels: panelsOf(rows),
  };
}
