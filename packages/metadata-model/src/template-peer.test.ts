import { expect, test } from "vitest";
import { mapItem, peerRecord, textItem } from "../test/peer-record.ts";
import { templatePeer } from "./render/template-peer.ts";

const resource = (path: string, digits: string) => ({ path, text: digits, json: digits });

test("a peer of a template is its id and its items: texts, numbers, maps and lists", () => {
  const ips = { path: "ips", text: "10.0.0.1,fd00::1", json: '["10.0.0.1","fd00::1"]' };
  const items = [textItem("my.name", "web-1"), resource("cpu", "250"), mapItem("labels", { app: "web" }), ips];
  expect({ ...templatePeer(peerRecord({ items })) }).toEqual({
    _id: "#web-1",
    "my.name": "web-1",
    cpu: 250,
    labels: { app: "web" },
    ips: ["10.0.0.1", "fd00::1"],
  });
});

test("a number that JavaScript can't hold is text, digit for digit", () => {
  const items = [resource("most", "9007199254740991"), resource("more", "9223372036854775807")];
  expect({ ...templatePeer(peerRecord({ items })) }).toMatchObject({
    most: 9007199254740991,
    more: "9223372036854775807",
  });
});

test("it has no prototype", () => {
  expect(Object.getPrototypeOf(templatePeer(peerRecord()))).toBeNull();
});
