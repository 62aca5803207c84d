// declarations that an import would not find: they are of modules that have none
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./undici-files.d.ts" />
import type * as undici from "undici";
import request from "undici/lib/api/api-request.js";
import Pool from "undici/lib/dispatcher/pool.js";

export { default as errors } from "undici/lib/core/errors.js";

/**
 * undici's own Pool, that can `dispatch` and `request`. It's made of undici's files since its index, which gives dispatchers their verbs,
 * loads fetch, WebSocket, caches and mocks too: 5 MB that we have no use for.
 */
export function createPool(origin: string, options: undici.Pool.Options): undici.Pool {
  return Object.assign(new Pool(origin, options), { request });
}
