import { type ApiClient, configMaps } from "@metadata-mirror/api-client";
import { type FoundConfigMap, shardsOf } from "../check/sight.ts";
import type { Edit } from "../world/edit.ts";
import { keyOf } from "../world/world.ts";
import { look } from "./look.ts";
import { mirrorLabel, placementAnnotation } from "./resources.ts";
import { orUndefined, type Surely } from "./surely.ts";

/** Edits by hand of ConfigMaps of mirrors. */
export interface Edits {
  /** Does it, where there is anything to do it to. */
  carryOut(edit: Edit): Promise<void>;
}

/** An edit is of what was seen; where that has changed by then, it's looked at again, so often. */
const mostTries = 5;

/** Makes it. */
export function createEdits(client: ApiClient, namespaces: readonly string[], surely: Surely): Edits {
  /** True once it's done, or there is nothing to do it to. */
  async function attempt({ how, mirror, shard }: Edit): Promise<boolean> {
    const sight = await surely(() => look(client, namespaces));
    const found = sight.mirrors.find((one) => keyOf(one) === mirror);
    if (found === undefined) return true;
    const shards = shardsOf(found, sight);
    const configMap = shards[shard % shards.length];
    if (configMap === undefined) return true;
    const { namespace, name, uid, resourceVersion } = configMap;
    if (how === "delete it") {
      await surely(() =>
        client.delete(configMaps, { namespace, name }, { uid }).catch(orUndefined("not-found", "conflict")),
      );
      return true;
    }
    const patch = patchOf(how, configMap, found.name);
    if (patch === undefined) return true;
    const body = { ...patch, metadata: { ...patch.metadata, resourceVersion } };
    const answer = await surely(() =>
      client.patch(configMaps, { namespace, name }, body).catch(orUndefined("not-found", "conflict")),
    );
    return answer !== undefined;
  }

  return {
    async carryOut(edit) {
      for (let tries = 0; tries < mostTries; tries++) if (await attempt(edit)) return;
    },
  };
}

interface Patch {
  readonly metadata?: object;
  readonly data?: object;
  readonly binaryData?: object;
}

/** The edit as a merge patch; undefined where the ConfigMap has nothing for it. Who takes both label and owner away makes it his own. */
function patchOf(
  how: Exclude<Edit["how"], "delete it">,
  { data, label }: FoundConfigMap,
  mirror: string,
): Patch | undefined {
  const [key] = Object.keys(data);
  switch (how) {
    case "change a value":
      return key === undefined ? undefined : { data: { [key]: "edited by hand" } };
    case "add a key":
      return { data: { "by-hand.txt": "edited by hand" } };
    case "remove a key":
      return key === undefined ? undefined : { data: { [key]: null } };
    case "add binary data":
      return { binaryData: { "by-hand.bin": "AAAA" } };
    case "remove the label":
      return { metadata: { labels: { [mirrorLabel]: null } } };
    case "change the label":
      return { metadata: { labels: { [mirrorLabel]: "somebody" } } };
    case "remove the owner":
      return label === mirror ? { metadata: { ownerReferences: null } } : undefined;
    case "remove the placement":
      return { metadata: { annotations: { [placementAnnotation]: null } } };
  }
}
