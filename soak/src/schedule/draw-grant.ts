import type { Random } from "../random.ts";
import { formats } from "../world/format.ts";
import type { Grant } from "../world/grant.ts";
import { items } from "../world/item.ts";
import { drawSelector, labelValues } from "./draw-selector.ts";
import type { Place, Stage } from "./stage.ts";

/** All that a mirror of the soak may ask a grant for. */
const fields = [
  ...new Set([
    ...Object.values(items).map(({ field }) => field),
    ...Object.values(formats).flatMap(({ shows }) => shows),
    ...Object.keys(labelValues).map((key) => `metadata.labels['${key}']`),
  ]),
];

/** A grant that comes into being, or takes the place of the one that is there. */
export function drawGrant(random: Random, place: Place, stage: Stage): Grant {
  const others = stage.namespaces.filter((namespace) => namespace !== place.namespace);
  return {
    ...place,
    from: random.some(others),
    selector: random.percent(50) ? [] : drawSelector(random),
    fields: random.percent(60) ? fields : random.some(fields),
  };
}
