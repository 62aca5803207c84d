import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { entrypointOf, environmentOf } from "../testing/entrypoint.ts";
import { imageEnv, operatorArgs, operatorEnv, operatorNodeFlags } from "./metadata-mirror.ts";

test("the operator is measured with the flags and the environment that its image has", () => {
  expect(entrypointOf("operator")).toEqual(["node", ...operatorNodeFlags, "/app/main.cjs"]);
  expect(environmentOf("operator")).toEqual(imageEnv);
});

test("the operator is measured with the arguments of its Deployment, but for the port of its probes, and takes a Lease as that does", () => {
  const manifest = readFileSync(join(import.meta.dirname, "../../../deploy/base/deployment.yaml"), "utf8");
  const [{ args }] = parse(manifest).spec.template.spec.containers;
  const anyPort = args.map((arg: string) => arg.replace(/^(--health-port)=\d+$/, "$1=0"));
  const leaderElect = operatorEnv["METADATA_MIRROR_LEADER_ELECT"] === "true" ? ["--leader-elect"] : [];
  expect(anyPort).toEqual([...operatorArgs, ...leaderElect]);
});
