import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { operatorArgs, operatorNodeFlags } from "./metadata-mirror.ts";

function read(path: string): string {
  return readFileSync(join(import.meta.dirname, "../../..", path), "utf8");
}

test("the operator is measured with the flags that its image has", () => {
  const [, fromOperator = ""] = read("Dockerfile").split("FROM runtime AS operator");
  const entrypoint = /^ENTRYPOINT (.*)$/m.exec(fromOperator)?.[1] ?? "";
  expect(JSON.parse(entrypoint)).toEqual(["node", ...operatorNodeFlags, "/app/main.mjs"]);
});

test("the operator is measured with the arguments of its Deployment, but for the port of its probes", () => {
  const [{ args }] = parse(read("deploy/base/deployment.yaml")).spec.template.spec.containers;
  const anyPort = args.map((arg: string) => arg.replace(/^(--health-port)=\d+$/, "$1=0"));
  expect(anyPort).toEqual(operatorArgs);
});
