/**
 * `pnpm generate`: writes what is generated: from the zod schemas `deploy/crds` and, where a schema has changed, a new folder of
 * the CRD history, whose objects then want the new fields; and what follows from the operator's metrics and alerts: `deploy/monitoring`
 * and a table in `docs/monitoring.md`. Unit tests fail where any of it is out of date.
 */
import { cpSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { metadataGrantCrd, metadataMirrorCrd } from "@metadata-mirror/metadata-model";
import { stringify } from "yaml";
import { crdHistory, newestGeneration, newestKnown, withoutDescriptions } from "./crd-history.ts";
import { monitoringFiles } from "./monitoring.ts";

const crds = [metadataMirrorCrd(), metadataGrantCrd()].map((crd) => ({
  plural: crd.spec.names.plural,
  crd: JSON.parse(JSON.stringify(crd)) as object,
  text: stringify(crd, { aliasDuplicateObjects: false, lineWidth: 120 }),
}));

for (const { plural, text } of crds) writeFileSync(new URL(`../deploy/crds/${plural}.yaml`, import.meta.url), text);

const isKnown = ({ plural, crd }: { plural: string; crd: object }) =>
  isDeepStrictEqual(withoutDescriptions(newestKnown(plural)), withoutDescriptions(crd));
if (!crds.every(isKnown)) {
  const newest = newestGeneration();
  const next = new URL(`${String(Number(newest) + 1).padStart(4, "0")}/`, crdHistory);
  cpSync(new URL(`${newest}/`, crdHistory), next, { recursive: true });
  for (const { plural, text } of crds) writeFileSync(new URL(`${plural}.crd.yaml`, next), text);
}

for (const { path, text } of monitoringFiles()) writeFileSync(new URL(`../${path}`, import.meta.url), text);
