import undici from "undici";
import { expect, test } from "vitest";
import { createPool, errors } from "./undici-pool.ts";

const ownRequest = (object: object): unknown => Object.getOwnPropertyDescriptor(object, "request")?.value;

test("what is imported from undici's files is what its index has", async () => {
  const pool = createPool("http://localhost", {});
  expect(pool).toBeInstanceOf(undici.Pool);
  expect(ownRequest(pool)).toBeTypeOf("function");
  expect(ownRequest(pool)).toBe(ownRequest(undici.Dispatcher.prototype));
  expect(errors).toBe(undici.errors);
  await pool.close();
});
