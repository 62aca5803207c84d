/** `pnpm generate`: writes what is generated from the zod schemas. A unit test fails where it is out of date. */
import { writeFileSync } from "node:fs";
import { metadataGrantCrd, metadataMirrorCrd } from "@metadata-mirror/metadata-model";
import { stringify } from "yaml";

for (const crd of [metadataMirrorCrd(), metadataGrantCrd()]) {
  const file = new URL(`../deploy/crds/${crd.spec.names.plural}.yaml`, import.meta.url);
  writeFileSync(file, stringify(crd, { aliasDuplicateObjects: false, lineWidth: 120 }));
}
