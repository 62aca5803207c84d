import type { Random } from "../random.ts";
import type { Change } from "../world/change.ts";
import { editKinds } from "../world/edit.ts";
import { keyOf, type World } from "../world/world.ts";
import { drawGrant } from "./draw-grant.ts";
import { drawMirror, redrawMirror } from "./draw-mirror.ts";
import { drawLabels, drawNote, drawPod, drawReport } from "./draw-pod.ts";
import { type Place, placesOf, type Stage } from "./stage.ts";

/** How often each kind of change is drawn, where it is possible. */
const weights = {
  "create pod": 16,
  "label pod": 16,
  "annotate pod": 6,
  "report pod": 20,
  "terminate pod": 4,
  "delete pod": 10,
  "create mirror": 5,
  "change mirror": 8,
  "delete mirror": 2,
  "create grant": 4,
  "change grant": 4,
  "delete grant": 3,
  "put stranger": 1,
  "delete stranger": 2,
  "change node": 1,
  edit: 10,
  garbage: 3,
};
type Kind = keyof typeof weights;

/** Draws what happens next; `kind` where that is to be so. Undefined where there is nothing that it could happen to. */
export function drawChange(
  random: Random,
  world: World,
  stage: Stage,
  kind: Kind = random.weighted(weights),
): Change | undefined {
  const pods = [...world.pods.values()];
  const mirrors = [...world.mirrors.values()];
  const grants = [...world.grants.values()];
  switch (kind) {
    case "create pod":
      return map(free(stage, "pod", stage.podsPerNamespace, world.pods), random, (place) => ({
        subject: "pod",
        verb: "create",
        pod: drawPod(random, place, stage),
      }));
    case "label pod":
      return map(pods, random, (pod) => ({
        subject: "pod",
        verb: "label",
        pod: { ...pod, labels: drawLabels(random) },
      }));
    case "annotate pod":
      return map(pods, random, (pod) => ({
        subject: "pod",
        verb: "annotate",
        pod: { ...pod, note: drawNote(random) },
      }));
    case "report pod":
      return map(pods, random, (pod) => ({ subject: "pod", verb: "report", pod: drawReport(random, pod) }));
    case "terminate pod": {
      // of others the API server sees the end at once
      const alive = pods.filter(({ node, phase, terminating }) => node !== "" && phase === "Running" && !terminating);
      return map(alive, random, (pod) => ({ subject: "pod", verb: "terminate", pod: { ...pod, terminating: true } }));
    }
    case "delete pod":
      return map(pods, random, (pod) => ({ subject: "pod", verb: "delete", pod }));
    case "create mirror":
      return map(free(stage, "mirror", stage.mirrorsPerNamespace, world.mirrors), random, (place) => ({
        subject: "mirror",
        verb: "create",
        mirror: drawMirror(random, place, stage),
      }));
    case "change mirror":
      return map(mirrors, random, (mirror) => ({
        subject: "mirror",
        verb: "change",
        mirror: redrawMirror(random, mirror, stage),
      }));
    case "delete mirror":
      return map(mirrors, random, (mirror) => ({ subject: "mirror", verb: "delete", mirror }));
    case "create grant":
      return map(free(stage, "grant", stage.grantsPerNamespace, world.grants), random, (place) => ({
        subject: "grant",
        verb: "create",
        grant: drawGrant(random, place, stage),
      }));
    case "change grant":
      return map(grants, random, (grant) => ({
        subject: "grant",
        verb: "change",
        grant: drawGrant(random, grant, stage),
      }));
    case "delete grant":
      return map(grants, random, (grant) => ({ subject: "grant", verb: "delete", grant }));
    case "put stranger":
      return map(mirrors, random, ({ namespace, configMap }) => {
        const name = random.percent(60) ? configMap : `${configMap}-${random.int(1, 2)}`;
        const guise = random.pick(["plain", "other mirror's label", "other controller"] as const);
        return { subject: "stranger", verb: "put", stranger: { namespace, name, guise } };
      });
    case "delete stranger":
      return map([...world.strangers.values()], random, (stranger) => ({
        subject: "stranger",
        verb: "delete",
        stranger,
      }));
    case "change node":
      return { subject: "node", verb: "change", node: random.pick(stage.nodes), cpus: random.int(1, 64) };
    case "edit":
      return map(mirrors, random, (mirror) => {
        const how = random.pick(editKinds);
        return { subject: "edit", verb: how, edit: { how, mirror: keyOf(mirror), shard: random.int(0, 3) } };
      });
    case "garbage":
      return { subject: "garbage", verb: "collect" };
  }
}

/** What is made of one of them; undefined where there are none. */
function map<T>(some: readonly T[], random: Random, make: (one: T) => Change): Change | undefined {
  return some.length === 0 ? undefined : make(random.pick(some));
}

function free(
  { namespaces }: Stage,
  noun: string,
  perNamespace: number,
  taken: ReadonlyMap<string, unknown>,
): readonly Place[] {
  return placesOf(namespaces, noun, perNamespace).filter((place) => !taken.has(keyOf(place)));
}
