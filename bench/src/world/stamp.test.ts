import { expect, test } from "vitest";
import { createStamp } from "./stamp.ts";

const original = Buffer.from("web-1 10.0.0.1 web-1\0x");

test("each text is replaced wherever it is, and the original stays", () => {
  const stamp = createStamp(original, ["web-1", "10.0.0.1"]);
  expect(stamp(["web-2", "10.0.0.9"]).toString()).toBe("web-2 10.0.0.9 web-2\0x");
  expect(stamp(["web-3", "10.0.0.1"]).toString()).toBe("web-3 10.0.0.1 web-3\0x");
  expect(original.toString()).toBe("web-1 10.0.0.1 web-1\0x");
});

test("what would change a length is refused", () => {
  expect(() => createStamp(original, ["web-1"])(["web-10"])).toThrow("another length");
  expect(() => createStamp(original, ["web-1"])([])).toThrow(RangeError);
});

test("a text that is not there is refused", () => {
  expect(() => createStamp(original, ["nowhere"])).toThrow(`"nowhere" is not in the bytes`);
});
