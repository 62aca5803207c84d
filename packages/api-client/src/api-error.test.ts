import { connect, createServer } from "node:net";
import { expect, test } from "vitest";
import { ApiError } from "./api-error.ts";

const action = "patch configmaps shop/web";

test("a Status keeps all it says, and the message begins with the code and what was done", () => {
  const causes = [{ reason: "FieldValueInvalid", message: "must be a port", field: "spec.port" }];
  const status = { kind: "Status", code: 422, reason: "Invalid", message: "web is invalid", details: { causes } };
  const error = ApiError.from(status, { action });
  expect(error.message).toBe("[invalid] patch configmaps shop/web: web is invalid (HTTP 422)");
  expect(error).toMatchObject({ name: "ApiError", code: "invalid", status: 422, reason: "Invalid", causes });
});

test("a Status that says little is still an error with words", () => {
  expect(ApiError.from({ kind: "Status" }).message).toBe("[unknown] the server gave no reason");
  expect(ApiError.from({ kind: "Status", reason: "Gone" }).message).toBe("[gone] Gone");
});

test("an ApiError passes as it is", () => {
  const error = new ApiError("gone", "it is");
  expect(ApiError.from(error, { action })).toBe(error);
});

test("a cancellation is one whatever it was given as its reason, a time-out stays a time-out", () => {
  const signal = AbortSignal.abort();
  expect(ApiError.from(new Error("stop it"), { signal }).code).toBe("canceled");
  expect(ApiError.from("stop it", { signal }).code).toBe("canceled");
  expect(ApiError.from(new DOMException("x", "AbortError")).code).toBe("canceled");
  expect(ApiError.from(new DOMException("x", "TimeoutError"), { signal }).code).toBe("timeout");
});

test.each([
  ["ECONNREFUSED", "unavailable", "nothing listens there"],
  ["ENOTFOUND", "unavailable", "no address"],
  ["ETIMEDOUT", "timeout", "did not answer in time"],
  ["UND_ERR_HEADERS_TIMEOUT", "timeout", "did not answer in time"],
  ["UND_ERR_BODY_TIMEOUT", "timeout", "went silent"],
  ["UND_ERR_DESTROYED", "canceled", "the client is closed"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "unavailable", "certificate-authority"],
  ["CERT_HAS_EXPIRED", "unavailable", "renew it"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "unavailable", "tls-server-name"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "unavailable", "http and https mixed up"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "unavailable", "no trusted connection"],
  ["HPE_INVALID_CONSTANT", "unavailable", "does not speak HTTP"],
])("%s, however deep in the chain of causes, is %s with a hint", (code, expected, hint) => {
  const root = Object.assign(new Error("the system's words"), { code });
  const error = ApiError.from(new TypeError("failed", { cause: new Error("outer", { cause: root }) }), { action });
  expect(error.code).toBe(expected);
  expect(error.message).toContain(`${action}: `);
  expect(error.message).toContain(hint);
  expect(error.message).toContain("(the system's words)");
});

test("a connection that a real system refused is unavailable", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const refused = await new Promise((resolve) => connect({ port, host: "localhost" }).on("error", resolve));
  expect(ApiError.from(refused)).toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("nothing listens"),
  });
});

test("anything else is unknown, and keeps its words and its cause", () => {
  const cause = new RangeError("too far");
  const error = ApiError.from(cause, { action });
  expect(error.message).toBe("[unknown] patch configmaps shop/web: too far");
  expect(error.cause).toBe(cause);
  expect(ApiError.from("a text").message).toBe("[unknown] a text");
});
