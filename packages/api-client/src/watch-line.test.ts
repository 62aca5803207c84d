import { expect, test } from "vitest";
import { parseWatchLine } from "./watch-line.ts";

test("an event is its type, its object and the version to resume from", () => {
  const object = { metadata: { name: "a", resourceVersion: "7" } };
  expect(parseWatchLine(JSON.stringify({ type: "ADDED", object }), "watch pods")).toEqual({
    type: "ADDED",
    object,
    resourceVersion: "7",
  });
});

test("an ERROR event is thrown as the error it stands for", () => {
  const object = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version: 1 (9)" };
  expect(() => parseWatchLine(JSON.stringify({ type: "ERROR", object }), "watch pods")).toThrow(
    "[gone] watch pods: too old resource version: 1 (9) (HTTP 410)",
  );
});

test("an ERROR event without a Status is an error all the same", () => {
  expect(() => parseWatchLine('{"type":"ERROR"}', "watch pods")).toThrow("[unknown] watch pods: ");
});

test.each([
  "<html>",
  "null",
  "7",
  "{}",
  '{"type":"ADDED"}',
  '{"type":"ADDED","object":null}',
  '{"type":"ADDED","object":{"metadata":null}}',
  '{"type":"ADDED","object":{"metadata":{"name":"a"}}}',
  '{"type":"RENAMED","object":{"metadata":{"resourceVersion":"7"}}}',
])("%s is no event", (line) => {
  expect(() => parseWatchLine(line, "watch pods")).toThrow("[unavailable] watch pods: the stream is cut or garbled");
});

test("nothing of a broken line gets into the error", () => {
  let error: unknown;
  try {
    parseWatchLine('{"type":"ADDED","object":{"data":{"password":"hunter2"', "watch secrets");
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(Error);
  expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain("hunter2");
});
