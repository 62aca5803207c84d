import { expect, test } from "vitest";
import { parseReceived, receivedInAll } from "./received.ts";

const output = `ESTAB 0      0      127.0.0.1:1 127.0.0.1:2 users:(("node",pid=12,fd=79)) cubic bytes_sent:5 bytes_acked:5 bytes_received:700 segs_out:3
ESTAB 0      0      127.0.0.1:3 127.0.0.1:2 users:(("node",pid=12,fd=80)) cubic bytes_sent:5 bytes_received:50 segs_out:3
ESTAB 0      0      127.0.0.1:4 127.0.0.1:2 users:(("node",pid=12,fd=81)) cubic
ESTAB 0      0      127.0.0.1:2 127.0.0.1:1 users:(("kube-apiserver",pid=123,fd=9)) cubic bytes_sent:750 bytes_received:10 segs_out:3
`;

test("what a process has received is told by connection", () => {
  expect(Object.fromEntries(parseReceived(output, 12))).toEqual({
    "127.0.0.1:1": 700,
    "127.0.0.1:3": 50,
    "127.0.0.1:4": 0,
  });
  expect(Object.fromEntries(parseReceived(output, 123))).toEqual({ "127.0.0.1:2": 10 });
  expect(parseReceived(output, 1).size).toBe(0);
});

test("a connection counts with the most that was seen of it", () => {
  const looks = [{ a: 5 }, { a: 7, b: 1 }, { b: 2 }].map((look) => new Map(Object.entries(look)));
  expect(receivedInAll(looks)).toBe(9);
  expect(receivedInAll([])).toBe(0);
});
