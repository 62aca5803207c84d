import { expect, test } from "vitest";
import { readGoModule } from "./go-module.ts";
import { programs } from "./program.ts";

test("the build stamps the version of Kubernetes that go.mod requires", async () => {
  const { goVersion, buildArguments } = await readGoModule(programs.etcd.directory);
  expect(goVersion).toMatch(/^1\.\d+\.\d+$/);
  const flags = buildArguments.at(-1);
  const [, major, minor] = /version\.gitVersion=v(\d+)\.(\d+)\.\d+ /.exec(flags ?? "") ?? [];
  expect(flags).toContain(`version.gitMajor=${major} `);
  expect(flags).toContain(`version.gitMinor=${minor} `);
});

test("Prometheus is built without its service discoveries, and Kubernetes as it is", async () => {
  const argumentsOf = async (name: "promtool" | "etcd") =>
    (await readGoModule(programs[name].directory)).buildArguments;
  expect((await argumentsOf("promtool")).join(" ")).toContain("-tags remove_all_sd");
  expect(await argumentsOf("etcd")).not.toContain("-tags");
});
