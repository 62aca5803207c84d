import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { freePort, onFreePort } from "./free-port.ts";

async function listen(port: number) {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: close };
}

/** As kube-apiserver words it. */
function start(port: number) {
  return listen(port).catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === "EADDRINUSE" ? `listen tcp 127.0.0.1:${port}: bind: address already in use` : "?");
  });
}

test("when the port was taken meanwhile, another one is tried", async () => {
  await using other = await listen(0);
  const ports = [other.port, other.port, await freePort()];
  await using server = await onFreePort(start, async () => ports.shift() ?? 0);
  expect(server.port).not.toBe(other.port);
  expect(ports).toEqual([]);
});

test("a free port is none that the system gives to connections, nor one that somebody listens on", async () => {
  await using other = await listen(await freePort());
  const ports = [other.port, 20_001];
  expect(other.port).toBeLessThan(32_768);
  expect(await freePort(() => ports.shift() ?? 0)).toBe(20_001);
});

test("when every port is taken, that is the error", async () => {
  await using other = await listen(0);
  await expect(onFreePort(start, async () => other.port)).rejects.toThrow("address already in use");
});

test("any other error is not tried again", async () => {
  const ports = [1, 2];
  const failing = onFreePort(
    async (port) => {
      throw new Error(`bad flag for ${port}`);
    },
    async () => ports.shift() ?? 0,
  );
  await expect(failing).rejects.toThrow("bad flag for 1");
  expect(ports).toEqual([2]);
});
