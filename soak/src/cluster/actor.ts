import { type ApiClient, configMaps, nodes, pods } from "@metadata-mirror/api-client";
import { labelValues } from "../schedule/draw-selector.ts";
import type { Change } from "../world/change.ts";
import { noteAnnotation, type Pod } from "../world/pod.ts";
import type { Stranger } from "../world/stranger.ts";
import { keyOf } from "../world/world.ts";
import { createEdits } from "./edits.ts";
import { createGarbage } from "./garbage.ts";
import {
  grantManifest,
  grantSpec,
  mirrorManifest,
  mirrorSpec,
  nodeStatus,
  podManifest,
  podStatus,
  strangerManifest,
} from "./manifests.ts";
import { metadataGrants, metadataMirrors } from "./resources.ts";
import { orUndefined, type Surely } from "./surely.ts";

/** Has changes happen in a cluster. */
export interface Actor {
  /** Resolves when the API server has taken it. */
  carryOut(change: Change): Promise<unknown>;
  /** What the ConfigMaps of others are since they last wrote them: see `Written`. */
  readonly written: ReadonlyMap<string, string>;
}

const ref = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => ({ namespace, name });

/** Makes it; `client` is an admin's, straight to the API server. */
export function createActor(client: ApiClient, namespaces: readonly string[], surely: Surely): Actor {
  const edits = createEdits(client, namespaces, surely);
  const garbage = createGarbage(client, namespaces, surely);
  const written = new Map<string, string>();
  const report = (pod: Pod) => surely(() => client.patch(pods, { ...ref(pod), subresource: "status" }, podStatus(pod)));

  async function ofPod(verb: (Change & { subject: "pod" })["verb"], pod: Pod): Promise<unknown> {
    switch (verb) {
      case "create":
        await surely(() => client.create(pods, podManifest(pod)), "already-exists");
        return report(pod);
      case "label": {
        const none = Object.fromEntries(Object.keys(labelValues).map((key) => [key, null]));
        return surely(() => client.patch(pods, ref(pod), { metadata: { labels: { ...none, ...pod.labels } } }));
      }
      case "annotate": {
        const annotations = { [noteAnnotation]: pod.note };
        return surely(() => client.patch(pods, ref(pod), { metadata: { annotations } }));
      }
      case "report":
        return report(pod);
      case "terminate":
        return surely(() => client.delete(pods, ref(pod), { gracePeriodSeconds: 3_600 }));
      case "delete":
        return surely(() => client.delete(pods, ref(pod), { gracePeriodSeconds: 0 }), "not-found");
    }
  }

  async function ofObject(change: Change & { subject: "mirror" | "grant" }): Promise<unknown> {
    const isMirror = change.subject === "mirror";
    const resource = isMirror ? metadataMirrors : metadataGrants;
    const at = ref(isMirror ? change.mirror : change.grant);
    switch (change.verb) {
      case "create": {
        const manifest = isMirror ? mirrorManifest(change.mirror) : grantManifest(change.grant);
        return surely(() => client.create(resource, manifest), "already-exists");
      }
      case "change": {
        // as a whole: a merge would leave what isn't named
        const value = isMirror ? mirrorSpec(change.mirror) : grantSpec(change.grant);
        const patch = [{ op: "replace", path: "/spec", value }];
        return surely(() => client.patch(resource, at, patch, { type: "json" }));
      }
      case "delete":
        return surely(() => client.delete(resource, at), "not-found");
    }
  }

  /** In place of what is there: then it's theirs, whoever's it was. */
  async function put(stranger: Stranger): Promise<void> {
    const manifest = strangerManifest(stranger);
    for (;;) {
      const found = await surely(() => client.get(configMaps, ref(stranger)).catch(orUndefined("not-found")));
      const answer = await surely(() =>
        found === undefined
          ? client.create(configMaps, manifest).catch(orUndefined("already-exists"))
          : client.replace(configMaps, manifest).catch(orUndefined("not-found")),
      );
      if (answer?.metadata.resourceVersion === undefined) continue;
      written.set(keyOf(stranger), answer.metadata.resourceVersion);
      return;
    }
  }

  return {
    written,
    carryOut(change) {
      switch (change.subject) {
        case "pod":
          return ofPod(change.verb, change.pod);
        case "mirror":
        case "grant":
          return ofObject(change);
        case "stranger":
          if (change.verb === "put") return put(change.stranger);
          return surely(() => client.delete(configMaps, ref(change.stranger)), "not-found");
        case "node": {
          const at = { name: change.node, subresource: "status" };
          return surely(() => client.patch(nodes, at, nodeStatus(change.cpus)));
        }
        case "edit":
          return edits.carryOut(change.edit);
        case "garbage":
          return garbage.collect();
      }
    },
  };
}
