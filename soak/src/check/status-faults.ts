import { isAuthorized } from "../model/permit.ts";
import { peersOf } from "../model/peer.ts";
import type { Mirror } from "../world/mirror.ts";
import { keyOf, type World } from "../world/world.ts";
import type { Mismatch } from "./content-faults.ts";
import { inTheWay } from "./in-the-way.ts";
import { type FoundMirror, shardsOf, type Sight } from "./sight.ts";

/** Where the statuses of mirrors don't say what is. */
export function statusFaults(world: World, sight: Sight): readonly Mismatch[] {
  return [...world.mirrors.values()].flatMap((mirror) => {
    const found = sight.mirrors.find((one) => keyOf(one) === keyOf(mirror));
    const faults = found === undefined ? ["it is not there"] : faultsOf(mirror, found, world, sight);
    return faults.map((what) => ({ object: `mirror ${keyOf(mirror)}`, what }));
  });
}

function faultsOf(mirror: Mirror, found: FoundMirror, world: World, sight: Sight): readonly string[] {
  const { generation, status } = found;
  const blocked = inTheWay(mirror, world);
  const expect = (what: string, is: unknown, expected: unknown) =>
    JSON.stringify(is) === JSON.stringify(expected)
      ? []
      : [`status: ${what} is ${JSON.stringify(is)}, it should be ${JSON.stringify(expected)}`];
  const condition = (type: string) => {
    const { status: value, reason } = status.conditions?.find((one) => one.type === type) ?? {};
    return `${value} ${reason}`;
  };
  const truth = (type: string) => condition(type).split(" ")[0];
  return [
    ...expect("observedGeneration", status.observedGeneration, generation),
    ...expect("Authorized", truth("Authorized"), isAuthorized(mirror, world) ? "True" : "False"),
    ...expect("Fresh", truth("Fresh"), "True"),
    ...(blocked.includes(0) ? expect("Ready", condition("Ready"), "False TargetConflict") : []),
    ...(blocked.length > 0
      ? []
      : [
          ...expect("Ready", truth("Ready"), "True"),
          ...expect("Complete", truth("Complete"), "True"),
          ...expect("peerCount", status.peerCount, peersOf(mirror, world).length),
          ...expect(
            "shards",
            (status.shards ?? []).map(({ name }) => name).toSorted((a, b) => (a < b ? -1 : 1)),
            shardsOf(found, sight).map(({ name }) => name),
          ),
        ]),
  ];
}
