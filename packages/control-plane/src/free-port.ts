import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that Linux gives to connections (`ip_local_port_range`): else one of them may have a port that is to be listened on again. */
const somePort = () => randomInt(20_000, 32_768);

/** A TCP port of 127.0.0.1 that nothing listened on a moment ago, and that stays free for who listens there with pauses. */
export async function freePort(choose = somePort): Promise<number> {
  return onFreePort(
    async (port) => {
      const server = createServer().listen(port, "127.0.0.1");
      await once(server, "listening");
      server.close();
      await once(server, "close");
      return port;
    },
    async () => choose(),
  );
}

const maxAttempts = 20;

/**
 * Calls `start` with a free port, and again with another one when it throws that the address is in use: between choosing a
 * port and binding it, someone else may have taken it.
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>, choose = freePort): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await choose());
    } catch (error) {
      const taken = error instanceof Error && error.message.includes("address already in use");
      if (!taken || attempt === maxAttempts) throw error;
    }
  }
}
