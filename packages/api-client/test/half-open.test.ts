import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createConnection } from "../src/connection.ts";
import { anonymous } from "./scripted-server.ts";

const run = promisify(execFile);
const ip = async (...args: string[]): Promise<void> => void (await run("ip", args));

/** The four addresses of a network that no other process of this test has, also none that was killed and left its own. */
const addresses = [0, 1, 2, 3].map((last) => {
  const { pid } = process;
  return `10.${(pid >> 14) & 255}.${(pid >> 6) & 255}.${((pid & 63) << 2) + last}`;
});
const [, ours = "", theirs = ""] = addresses;

const program = `
const server = require("node:http").createServer((_, response) => response.writeHead(200).write("first"));
server.listen(8080, "${theirs}", () => process.stdout.write("listening"));
`;

/** A machine of its own, as far as the network knows, with a server that begins an answer and goes on for ever. */
async function machine() {
  const name = `half-open-${process.pid}`;
  const here = `ho${process.pid}`.slice(0, 15);
  await using stack = new AsyncDisposableStack();
  await ip("netns", "add", name);
  stack.defer(() => ip("netns", "delete", name));
  await ip("link", "add", here, "type", "veth", "peer", "name", "there", "netns", name);
  // the name space itself goes when its last connection has been given up
  stack.defer(() => ip("link", "delete", here));
  await ip("address", "add", `${ours}/30`, "dev", here);
  await ip("link", "set", here, "up");
  await ip("-n", name, "address", "add", `${theirs}/30`, "dev", "there");
  await ip("-n", name, "link", "set", "there", "up");
  const child = execFile("ip", ["netns", "exec", name, process.execPath, "--eval", program]);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  stack.defer(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  const owned = stack.move();
  return {
    server: `http://${theirs}:8080`,
    /** Nothing gets through any more, and nobody is told. */
    vanish: () => ip("-n", name, "link", "set", "there", "down"),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const mayMakeNetworks = process.env["CI"] !== undefined || process.getuid?.() === 0;

test.runIf(mayMakeNetworks)(
  "an answer that goes on for ever ends when the machine that it comes from is gone",
  async () => {
    await using there = await machine();
    await using connection = createConnection(anonymous(there.server), { probeAfterMs: 1_000 });
    const pool = await connection.pool();
    const { body } = await pool.request({ origin: there.server, path: "/", method: "GET", bodyTimeout: 0 });
    const chunks = body[Symbol.asyncIterator]();
    expect(String((await chunks.next()).value)).toBe("first");
    await there.vanish();
    const begin = performance.now();
    await expect(chunks.next()).rejects.toMatchObject({ code: "ETIMEDOUT" });
    // a second without a word, then ten probes
    expect(performance.now() - begin).toBeGreaterThan(5_000);
    expect(performance.now() - begin).toBeLessThan(60_000);
  },
);
