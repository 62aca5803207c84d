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
