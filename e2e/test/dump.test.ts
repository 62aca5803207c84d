import { mkdtempDisposable, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dump } from "../src/dump.ts";
import { host, useScene } from "./scene.ts";

const scene = useScene("dump");

test("what is written at a failure has the mirrors, their ConfigMaps, the events and the logs", async () => {
  await scene.apply("docs/examples/downward-api-volume.yaml");
  await scene.ready("downward-volume");
  await expect.poll(() => scene.data("downward-volume-peers")).toHaveProperty("downward-volume_podName");
  await using folder = await mkdtempDisposable(join(tmpdir(), "metadata-mirror-dump-"));
  await dump(host, folder.path);
  const read = (file: string) => readFile(join(folder.path, file), "utf8");
  expect(await read("mirrors.yaml")).toContain(`namespace: ${scene.namespace}`);
  expect(await read("configmaps.yaml")).toContain("downward-volume_podName: downward-volume");
  expect(await read("events.txt")).toMatch(new RegExp(`${scene.namespace}.*Started`));
  expect(await read("pods.txt")).toMatch(/metadata-mirror .*Running/);
  expect(await read("operator.log")).toContain('"msg":"ready"');
  expect(await read("kubelet.log")).toContain(scene.namespace);
  expect(await readdir(folder.path)).toHaveLength(9);
});
