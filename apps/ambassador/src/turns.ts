import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** The requests of each connection, which take turns: a client may send the next one before it has the answer to the one before. */
export interface Turns {
  /**
   * Calls `begin` when all answers before this one are through, and never where the connection ends with one of them. Go's net/http does so;
   * Node would have them all begin at once, but an answer that waits for its turn is not told that the connection is gone.
   */
  take(request: IncomingMessage, response: ServerResponse, begin: () => void): void;
  /** The last answer of a connection, while it is under way. */
  underWay(socket: Duplex): ServerResponse | undefined;
}

export function createTurns(): Turns {
  const latest = new WeakMap<Duplex, ServerResponse>();
  return {
    take({ socket }, response, begin) {
      const before = latest.get(socket);
      latest.set(socket, response);
      const next = (): void => {
        if (before?.shouldKeepAlive !== false && !socket.destroyed) begin();
      };
      if (before === undefined || before.closed) next();
      else before.once("close", next);
    },
    underWay(socket) {
      const response = latest.get(socket);
      return response?.closed === false ? response : undefined;
    },
  };
}
