import type { Outcome } from "../outcome.ts";

/** The closing figures, aligned, and what was wrong. */
export function describeOutcome(outcome: Outcome): string {
  const rows = figures(outcome);
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return [...table, ...wrong(outcome)].map((line) => `${line}\n`).join("");
}

function figures(outcome: Outcome): readonly (readonly [string, string])[] {
  const { disturbed, calm } = outcome.longestRecoveryMs;
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return [
    ["seed", String(outcome.seed)],
    ["replicas, Leases", `${outcome.replicas}, ${outcome.shards}`],
    ["time", `${outcome.seconds.toFixed(0)} s`],
    ["steps", String(outcome.steps)],
    ["changes", String(sum(outcome.changes))],
    ...sorted(outcome.changes),
    ["disturbances", String(sum(outcome.disturbances))],
    ...sorted(outcome.disturbances),
    ["quiet points", String(outcome.quietPoints)],
    ["longest recovery, after changes alone", seconds(calm)],
    ["longest recovery, after disturbances", seconds(disturbed)],
    ["versions of ConfigMaps seen", String(outcome.versions)],
    ["counted by the replicas", ""],
    ...sorted(outcome.counters),
    ["mismatches", String(outcome.mismatches.length)],
  ];
}

function sorted(counts: Readonly<Record<string, number>>): readonly (readonly [string, string])[] {
  return Object.entries(counts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => [`  ${name}`, String(count)]);
}

/** How many mismatches are told. */
const most = 40;

function wrong({ mismatches, lastSteps }: Outcome): readonly string[] {
  if (mismatches.length === 0) return [];
  const more = mismatches.length - most;
  return [
    "",
    "what is wrong:",
    ...mismatches.slice(0, most).map(({ object, what }) => `  ${object}: ${what}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    "",
    "the last steps:",
    ...lastSteps.map((step) => `  ${step}`),
  ];
}

/** The command by which the same happens again: the same steps, if not at the very same moments. */
export function reproduce({ seed, steps, replicas, shards, slow }: Outcome, rate: number): string {
  return `npx -y pnpm@12 soak --seed ${seed} --steps ${steps} --replicas ${replicas} --shards ${shards} --rate ${rate}${slow ? " --slow" : ""}`;
}
