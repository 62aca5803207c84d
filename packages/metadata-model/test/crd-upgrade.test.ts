import { readdirSync, readFileSync } from "node:fs";
import { env } from "node:process";
import { startControlPlane } from "@metadata-mirror/control-plane";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type CustomResourceDefinition, metadataGrantCrd, metadataMirrorCrd } from "../src/crd.ts";
import { crds, installCrd, send } from "./api-server.ts";

/** The CRDs that there have been, a folder each time that they changed: `pnpm generate` adds one. */
const history = new URL("../testdata/crd-history/", import.meta.url);
const generations = readdirSync(history).sort();
const current = [metadataMirrorCrd(), metadataGrantCrd()];
const read = (file: string): unknown => parse(readFileSync(new URL(file, history), "utf8"));

interface Stored {
  readonly spec: unknown;
  readonly status?: unknown;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** The properties of a schema, as paths such as spec.items[].path. */
function propertiesOf({ properties = {}, items }: Schema, path: string): string[] {
  const inside = Object.entries(properties).flatMap(([name, property]) => [
    `${path}.${name}`,
    ...propertiesOf(property, `${path}.${name}`),
  ]);
  return items === undefined ? inside : [...inside, ...propertiesOf(items, `${path}[]`)];
}

/** The properties that a value has, as such paths. */
function filledIn(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => filledIn(element, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [`${path}.${name}`, ...filledIn(inner, `${path}.${name}`)]);
}

const cases = generations.flatMap((generation) =>
  current.map((newest) => ({ generation, newest, plural: newest.spec.names.plural })),
);

test.for(cases)(
  "an object with all the fields of CRD $generation of $plural keeps them under today's",
  async ({ generation, newest, plural }) => {
    const old = read(`${generation}/${plural}.crd.yaml`) as CustomResourceDefinition;
    const object = read(`${generation}/${plural}.object.yaml`) as Stored & { metadata: { name: string } };
    for (const part of ["spec", "status"] as const) {
      const schema = old.spec.versions[0]?.schema.openAPIV3Schema.properties[part];
      const filled = new Set(filledIn(object[part], part));
      const missing = propertiesOf((schema ?? {}) as Schema, part).filter((property) => !filled.has(property));
      expect(missing, "the object should have every field").toEqual([]);
    }

    await using server = await startControlPlane({ env });
    const collection = `/apis/metadatamirror.dev/v1alpha1/namespaces/default/${plural}`;
    const path = `${collection}/${object.metadata.name}`;
    const stored = async () => {
      const { spec, status } = (await send(server, "GET", path)).body;
      return { spec, status };
    };
    await installCrd(server, old);
    const created = await send(server, "POST", `${collection}?fieldValidation=Strict`, object);
    expect([created.status, created.body.message]).toEqual([201, undefined]);
    if (object.status !== undefined) {
      const metadata = created.body.metadata;
      expect(await send(server, "PUT", `${path}/status`, { ...object, metadata })).toMatchObject({ status: 200 });
    }
    expect(await stored()).toEqual({ spec: object.spec, status: object.status });

    const { body } = await send(server, "GET", `${crds}/${newest.metadata.name}`);
    const metadata = { ...newest.metadata, resourceVersion: body.metadata?.resourceVersion };
    expect(await send(server, "PUT", `${crds}/${newest.metadata.name}`, { ...newest, metadata })).toMatchObject({
      status: 200,
    });
    // from now on the newer one is served for certain
    await server.restartApiServer();
    await expect.poll(stored, { timeout: 30_000 }).toEqual({ spec: object.spec, status: object.status });

    // and it's still a right object, which the next write stores by the newer schema
    const { body: latest } = await send(server, "GET", path);
    const labelled = { ...latest, metadata: { ...latest.metadata, labels: { touched: "yes" } } };
    const written = await send(server, "PUT", path, labelled);
    expect([written.status, written.body.message]).toEqual([200, undefined]);
    expect(await stored()).toEqual({ spec: object.spec, status: object.status });
  },
);
