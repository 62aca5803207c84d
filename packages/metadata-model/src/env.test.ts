import { describe, expect, test } from "vitest";
import { mapItem, peerRecord, textItem } from "../test/peer-record.ts";
import { envAggregate } from "./render/env.ts";

const { key, fragment, document, names } = envAggregate("peers.env");

const one = (value: string) => fragment(peerRecord({ items: [textItem("x", value)] }));

test("it's a line each item", () => {
  const items = [textItem("podIP", "10.0.0.1"), textItem("zone", ""), { path: "cpu", text: "250", json: "250" }];
  expect(key).toBe("peers.env");
  expect(document([fragment(peerRecord({ items })).text, "", "A=b"])).toBe(
    "WEB_1_PODIP=10.0.0.1\nWEB_1_ZONE=\nWEB_1_CPU=250\nA=b\n",
  );
  expect(document([])).toBe("");
});

describe("a variable", () => {
  test.each([
    ["the pod and the path, in capitals", { name: "web-1.a" }, "pod.IP-x", "WEB_1_A_POD_IP_X"],
    ["the namespace before, where that is another", { own: false, namespace: "shop-eu" }, "ip", "SHOP_EU__WEB_1_IP"],
    ["an underscore before a digit", { name: "0web" }, "ip", "_0WEB_IP"],
  ])("has for its name %s", (_, fields, path, expected) => {
    const { text } = fragment(peerRecord({ ...fields, items: [textItem(path, "v")] }));
    expect(text).toBe(`${expected}=v`);
  });

  test("of a name that another item of the pod has is left out, and told", () => {
    const items = [textItem("a-b", "1"), textItem("a.b", "2")];
    const { text, problems } = fragment(peerRecord({ items }));
    expect(text).toBe("WEB_1_A_B=1");
    expect(problems).toMatchObject([{ path: "a.b", reason: "EnvNameTaken" }]);
  });
});

describe("a value", () => {
  test.each(["", "10.0.0.1", "fd00::1", "a=b", "a,b", "registry/x:v1.2@sha256_%+-"])(
    "%j is read alike by both",
    (value) => {
      expect(one(value)).toEqual({ text: `WEB_1_X=${value}`, problems: [] });
    },
  );

  test.each([
    "a b",
    "'",
    '"a"',
    "$HOME",
    "`id`",
    "a\\b",
    "~",
    "a:~",
    "*",
    "?",
    "[a]",
    "#",
    "a#",
    "a;b",
    "a&b",
    "a|b",
    "<",
    "(",
    "{a,b}",
    "!",
    "^",
    "\n",
    "a\r",
    "\t",
    "\0",
    "\x7f",
    "\u00a0",
    "ä",
    "\ufeff",
  ])("%j is not, so it's left out and told", (value) => {
    const { text, problems } = one(value);
    expect(text).toBe("");
    expect(problems).toMatchObject([{ path: "x", reason: "NotEnv" }]);
  });

  test("is as long as a line of Docker's may be, and no longer", () => {
    expect(one("a".repeat(65_535 - "WEB_1_X=".length)).problems).toEqual([]);
    expect(one("a".repeat(65_536 - "WEB_1_X=".length)).problems).toMatchObject([{ reason: "NotEnv" }]);
  });

  test("of a whole map is quoted, so it's left out", () => {
    const labels = { ...mapItem("labels", {}), text: 'app="web"' };
    expect(fragment(peerRecord({ items: [labels] })).problems).toMatchObject([{ reason: "NotEnv" }]);
  });
});

test("its names are those of the lines, and a line goes with its name", () => {
  expect(names?.of("A=1\nB=2=3")).toEqual(["A", "B"]);
  expect(names?.of("")).toEqual([]);
  expect(names?.without("A=1\nB=2=3", new Set(["A"]))).toBe("B=2=3");
  expect(names?.problem("A")).toMatchObject({ path: "A", reason: "EnvNameTaken" });
});
