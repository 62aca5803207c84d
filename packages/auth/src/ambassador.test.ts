import { expect, test } from "vitest";
import { throughAmbassador } from "./ambassador.ts";

test("an ambassador is plain http on loopback, with nothing to prove or to trust", async () => {
  const credentials = throughAmbassador();
  expect(credentials).toMatchObject({
    server: "http://localhost:8001",
    namespace: "default",
    source: "ambassador http://localhost:8001",
    warnings: [],
  });
  expect(await credentials.token({ fresh: true })).toBeUndefined();
  expect(await credentials.tls()).toEqual({ insecureSkipTLSVerify: false });
  expect(await credentials.tls({ fresh: true })).toBe(await credentials.tls());
});

test("a path prefix stays, the slash at the end goes", () => {
  const { server, namespace } = throughAmbassador({ server: "http://127.0.0.1:9000/k8s/api//", namespace: "shop" });
  expect({ server, namespace }).toEqual({ server: "http://127.0.0.1:9000/k8s/api", namespace: "shop" });
});

test("an ambassador on another machine is warned of", () => {
  const { warnings } = throughAmbassador({ server: "http://ambassador.shop.svc:8001" });
  expect(warnings).toEqual([
    expect.stringContaining("http://ambassador.shop.svc:8001 is plain http to another machine"),
  ]);
});

test.each([
  [
    "https://10.0.0.1:6443",
    "https://10.0.0.1:6443 is https, and an ambassador speaks plain http: give its http:// address",
  ],
  ["localhost:8001", "address does not begin with http://: give one such as http://localhost:8001"],
  ["8001", "address is no URL: give one such as http://localhost:8001"],
  ["unix:///run/proxy.sock", "does not begin with http://"],
  ["http://localhost:8001/?a=b", "http://localhost:8001 has more than host, port and path"],
])("%s is refused with what to give instead", (server, message) => {
  expect(() => throughAmbassador({ server })).toThrow(message);
});

test.each([
  "http://me:secret@localhost:8001",
  "http://secret@localhost",
  "me:secret@localhost",
  "https://me:secret@localhost",
])("a login in an address, as in %s, is refused, and not repeated", (server) => {
  expect(() => throughAmbassador({ server })).toThrow(/^(?!.*secret)the ambassador's address /);
});
