import { expect, test } from "vitest";
import { isLoopback } from "./loopback.ts";

test.each([
  ["http://localhost:8001", true],
  ["http://127.0.0.1:8001/prefix", true],
  ["http://127.8.9.10", true],
  ["http://[::1]:8001", true],
  ["https://localhost", true],
  ["http://128.0.0.1", false],
  ["http://0.0.0.0:8001", false],
  ["http://127.0.0.1.example.com", false],
  ["http://127.example", false],
  ["http://localhost.example.com", false],
  ["http://localhost@example.com", false],
  ["http://[::2]", false],
])("%s is on loopback: %s", (url, expected) => {
  expect(isLoopback(url)).toBe(expected);
});
