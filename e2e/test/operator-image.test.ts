import process from "node:process";
import { expect, test } from "vitest";
import { kubectl, nodeName } from "../src/cluster.ts";
import { run } from "../src/host.ts";
import { workspaceImages } from "../src/workspace-image.ts";
import { host } from "./scene.ts";

const mebibyte = 1024 * 1024;
const inNamespace = (...args: string[]) => kubectl(host, ["--namespace=metadata-mirror", ...args]);
const inOperator = (script: string) => inNamespace("exec", "deployment/metadata-mirror", "--", "node", "-p", script);

/** For whoever runs the tests to read. */
function print(what: string, bytes: number): void {
  process.stdout.write(`${what}: ${(bytes / mebibyte).toFixed(1)} MiB\n`);
}

test.each(["operator", "ambassador"] as const)(
  "the %s's image is a base with Node.js and, above it, the bundle and nothing else",
  async (app) => {
    const image = workspaceImages[app];
    const history = ["history", "--no-trunc", "--format={{.Size}} {{.CreatedBy}}", image];
    const layers = (await run(host, "docker", history)).split("\n");
    const copied = layers.findIndex((layer) => /COPY .* \/app\b/.test(layer));
    expect(copied).toBeGreaterThanOrEqual(0);
    expect(layers.slice(0, copied).filter((layer) => !layer.startsWith("0B"))).toEqual([]);

    const sizes = "JSON.stringify(fs.readdirSync('/app').map((file) => [file, fs.statSync('/app/' + file).size]))";
    const listed = await run(host, "docker", [
      "run",
      "--rm",
      "--network=none",
      "--entrypoint=node",
      image,
      "-p",
      sizes,
    ]);
    const files = new Map(JSON.parse(listed) as readonly [string, number][]);
    expect([...files.keys()]).toContain("main.cjs");
    expect([...files.keys()].filter((file) => !file.endsWith(".cjs"))).toEqual([]);

    const size = Number(await run(host, "docker", ["image", "inspect", "--format={{.Size}}", image]));
    const bundle = [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
    print(`the ${app}'s image`, size);
    print("of which the bundle", bundle);
    expect(size).toBeLessThan(400 * mebibyte);
    expect(bundle).toBeLessThan(3 * mebibyte);
  },
);

test("the operator runs as nobody, on a file system that it can't write to", async () => {
  expect(await inOperator("process.getuid() + ':' + process.version")).toMatch(/^65532:v24\./);
  for (const file of ["/app/x", "/tmp/x", "/x"]) {
    await expect(inOperator(`fs.writeFileSync('${file}', '')`)).rejects.toThrow(/EROFS|ENOENT/);
  }
});

test("its namespace enforces the restricted level, which a pod with less than the operator's care does not pass", async () => {
  const pod = ["run", "careless", "--image=busybox:1.37", "--dry-run=server"];
  await expect(inNamespace(...pod)).rejects.toThrow('violates PodSecurity "restricted:latest"');
});

test("an operator that has just read the cluster takes less than 128 MiB, what it asks for", async () => {
  await inNamespace("rollout", "restart", "deployment/metadata-mirror");
  await inNamespace("rollout", "status", "--timeout=60s", "deployment/metadata-mirror");
  const pid = (await run(host, "docker", ["exec", nodeName, "pgrep", "-n", "-f", "/app/main.cjs run"])).trim();
  const status = await run(host, "docker", ["exec", nodeName, "cat", `/proc/${pid}/status`]);
  const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  print("the operator's resident memory when idle", resident);
  expect(resident).toBeLessThan(128 * mebibyte);
});
