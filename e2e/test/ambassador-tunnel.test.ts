import { createHash, randomBytes } from "node:crypto";
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { findBinary, poll } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubeconfigPath } from "../src/cluster.ts";
import { run } from "../src/host.ts";
import { type Background, start } from "./background.ts";
import { host, useScene } from "./scene.ts";

const scene = useScene("tunnel");
const pod = "main";

let ambassador: Background;
let server = "";
beforeAll(async () => {
  await scene.kubectl("run", pod, "--image=busybox:1.37", "--restart=Never", "--", "sleep", "infinity");
  await scene.ready(pod);
  const main = join(import.meta.dirname, "../../apps/ambassador/src/main.ts");
  const flags = ["--port=0", `--kubeconfig=${kubeconfigPath(host)}`, "--read-only=false", "--reject-paths="];
  ambassador = await start(process.execPath, ["--conditions=@metadata-mirror/source", main, ...flags]);
  const on = () => Promise.resolve(/"on":"([^"]+)"/.exec(ambassador.output())?.[1]);
  server = `http://${await poll(on, { everyMs: 50, timeoutMs: 30_000, signal: host.signal })}`;
});
afterAll(() => ambassador?.[Symbol.asyncDispose]());

/** kubectl that has nothing but the address of the ambassador; `env` is beside its environment. */
async function kubectl(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const program = await findBinary("kubectl", { env: host.env });
  const through = ["--server", server, "--namespace", scene.namespace];
  return run(host, program, [...through, ...args], { env: { KUBECONFIG: "/dev/null", ...env } });
}

// it speaks WebSocket, and SPDY where it is told not to
test.each(["true", "false"])(
  "kubectl exec goes through an ambassador that lets it; by WebSocket: %s",
  async (websocket) => {
    const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: websocket };
    const exec = (script: string) => kubectl(["exec", pod, "--", "sh", "-c", script], env);
    expect(await exec("echo out")).toBe("out");
    await expect(exec("exit 7")).rejects.toThrow("exit code 7");
  },
);

test("a megabyte goes through it and comes back as it was", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "metadata-mirror-tunnel-"));
  const [there, back] = [join(folder.path, "there"), join(folder.path, "back")];
  const bytes = randomBytes(1024 * 1024);
  await writeFile(there, bytes);
  await kubectl(["cp", there, `${pod}:/tmp/file`]);
  const sum = await kubectl(["exec", pod, "--", "sha256sum", "/tmp/file"]);
  expect(sum).toContain(createHash("sha256").update(bytes).digest("hex"));
  await kubectl(["cp", `${pod}:/tmp/file`, back]);
  expect((await readFile(back)).equals(bytes)).toBe(true);
});
