import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server of TCP that can be closed: then connections are taken and stay open, and nothing gets through, as with a broken middlebox. */
export interface Gate extends AsyncDisposable {
  readonly port: number;
  readonly close: () => void;
  /** Opens it again: what was held back goes on its way. */
  readonly open: () => void;
}

/** An open one on loopback. */
export async function startGate(port: number): Promise<Gate> {
  const ways = new Set<readonly [Socket, Socket]>();
  let isOpen = true;
  const join = ([near, far]: readonly [Socket, Socket]) => void near.pipe(far).pipe(near);

  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    const way = [near, far] as const;
    ways.add(way);
    for (const socket of way) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        ways.delete(way);
        for (const end of way) end.destroy();
      });
    }
    if (isOpen) join(way);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      isOpen = false;
      for (const [near, far] of ways) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    open() {
      isOpen = true;
      for (const way of ways) join(way);
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const [near] of ways) near.destroy();
      await once(server, "close");
    },
  };
}
