import { expect, test } from "vitest";
import { codeOfStatus } from "./status.ts";

test.each([
  [{ code: 400, reason: "BadRequest" }, "bad-request"],
  [{ code: 401, reason: "Unauthorized" }, "unauthorized"],
  [{ code: 403, reason: "Forbidden" }, "forbidden"],
  [{ code: 404, reason: "NotFound" }, "not-found"],
  [{ code: 405, reason: "MethodNotAllowed" }, "bad-request"],
  [{ code: 408 }, "timeout"],
  [{ code: 409, reason: "Conflict" }, "conflict"],
  [{ code: 409, reason: "AlreadyExists" }, "already-exists"],
  [{ code: 410, reason: "Gone" }, "gone"],
  [{ code: 410, reason: "Expired" }, "gone"],
  [{ reason: "Expired" }, "gone"],
  [{ code: 413, reason: "RequestEntityTooLarge" }, "too-large"],
  [{ code: 415, reason: "UnsupportedMediaType" }, "bad-request"],
  [{ code: 422, reason: "Invalid" }, "invalid"],
  [{ code: 429, reason: "TooManyRequests" }, "too-many-requests"],
  [{ code: 500, reason: "InternalError" }, "internal"],
  [{ code: 500, message: "etcdserver: mvcc: required revision has been compacted" }, "gone"],
  [{ code: 502 }, "unavailable"],
  [{ code: 503, reason: "ServiceUnavailable" }, "unavailable"],
  [{ code: 504, reason: "Timeout" }, "timeout"],
  [{ code: 599 }, "internal"],
  [{ code: 302 }, "unknown"],
  [{}, "unknown"],
])("%o is %s", (status, code) => {
  expect(codeOfStatus({ kind: "Status", ...status })).toBe(code);
});
