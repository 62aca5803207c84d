import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { asksForTunnel } from "./tunnel.ts";

test.each([
  [{ upgrade: "websocket" }, true],
  [{ upgrade: "WebSocket" }, true],
  [{ upgrade: "SPDY/3.1", "content-length": "0" }, true],
  [{}, false],
  [{ upgrade: "h2c" }, false],
  [{ upgrade: "websocket, h2c" }, false],
  [{ upgrade: "SPDY/3.10" }, false],
  [{ upgrade: "websocket", "content-length": "5" }, false],
])("with the headers %j a tunnel is asked for: %s", (headers, expected) => {
  expect(asksForTunnel({ headers } as IncomingMessage)).toBe(expected);
});
