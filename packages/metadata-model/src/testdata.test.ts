// What a plan comes to, case by case: testdata/<feature>/<case>.input.yaml is the world, <case>.output.yaml what is stored, written and
// said. With UPDATE_TESTDATA=1 in the environment the outputs are written anew: read the diff.

import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { apply, type Stored, type StoredConfigMap, states, storedByHand } from "../test/fake-api-server.ts";
import { digest } from "../test/objects.ts";
import { metadataGrant } from "./metadata-grant.ts";
import { metadataMirror, type ReadableMirror } from "./metadata-mirror.ts";
import { nodeMetadata } from "./node-metadata.ts";
import { planner } from "./plan.ts";
import { podMetadata } from "./pod-metadata.ts";
import type { World } from "./world.ts";

/** Objects as the API server answers them. */
interface Input {
  readonly mirror: unknown;
  readonly pods?: readonly unknown[];
  /** Or that nodes may not be read. */
  readonly nodes?: readonly unknown[] | "forbidden";
  readonly grants?: readonly unknown[];
  readonly existing?: Parameters<typeof storedByHand>;
  /** Names of the ConfigMaps that pods mount. */
  readonly mounted?: readonly string[];
}

const folder = join(import.meta.dirname, "../testdata");

function readMirror(raw: unknown): ReadableMirror {
  const mirror = metadataMirror(raw);
  if (mirror.spec === undefined) throw new Error(mirror.problem);
  return { ...mirror, spec: mirror.spec };
}

function readWorld({ pods = [], nodes = [], grants = [], mounted = [] }: Input, stored: Stored): World {
  const known = nodes === "forbidden" ? [] : nodes.map(nodeMetadata);
  return {
    pods: pods.map(podMetadata),
    node: (name) => (nodes === "forbidden" ? nodes : known.find((node) => node.name === name)),
    grants: grants.map(metadataGrant),
    existing: states(stored),
    mounted: (name) => mounted.includes(name),
    refreshRefused: false,
    isBlocked: () => false,
    mayLetGo: () => true,
    reachable: () => true,
  };
}

/** A ConfigMap without what is the same in all of them; each owner in a line. */
function brief({ metadata, immutable, data, binaryData }: StoredConfigMap) {
  const { labels, annotations, ownerReferences = [] } = metadata;
  const owners = ownerReferences.map((owner) => `${owner.kind} ${owner.name}, uid ${owner.uid}`);
  return { labels, annotations, owners, immutable, data, binaryData };
}

/** What the world of `input` comes to, as YAML. */
function outcome(input: Input): string {
  const mirror = readMirror(input.mirror);
  const stored = storedByHand(...(input.existing ?? []));
  const plan = planner(mirror, digest)(readWorld(input, stored));
  const configMaps = [...apply(plan, stored)].map(([name, configMap]) => [name, brief(configMap)] as const);
  const { findings, ...counts } = plan.status;
  const result = {
    create: plan.create.map(({ name }) => name),
    patch: Object.fromEntries(plan.patch.map(({ name, body }) => [name, body])),
    remove: plan.remove.map(({ name }) => name),
    problems: plan.problems,
    status: counts,
    findings: findings.map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`),
    configMaps: Object.fromEntries(configMaps),
  };
  return stringify(result, { lineWidth: 0, aliasDuplicateObjects: false });
}

const inputs = globSync("*/*.input.yaml", { cwd: folder }).toSorted();

describe("the plan is what the case says", () => {
  test.each(inputs)("%s", (file) => {
    const output = join(folder, file.replace(".input.", ".output."));
    const actual = outcome(parse(readFileSync(join(folder, file), "utf8")) as Input);
    if (env["UPDATE_TESTDATA"] === "1") writeFileSync(output, actual);
    expect(actual).toBe(readFileSync(output, "utf8"));
  });
});

test("every output has its input", () => {
  const outputs = globSync("*/*.output.yaml", { cwd: folder }).map((file) => file.replace(".output.", ".input."));
  expect(outputs.toSorted()).toEqual(inputs);
});
