import { expect, test } from "vitest";
import { serverAddress } from "./server-address.ts";

test.each([
  ["https://10.96.0.1:443", "https://10.96.0.1", ""],
  ["https://[fd00::1]:6443/", "https://[fd00::1]:6443", ""],
  ["http://localhost:8001/k8s//", "http://localhost:8001", "/k8s"],
])("%s is at %s, under %j", (server, origin, prefix) => {
  expect(serverAddress(server)).toEqual({ origin, prefix });
});
