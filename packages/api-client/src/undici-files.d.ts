// undici declares what its index has, not the files it is made of: here are those that undici-pool.ts imports.

declare module "undici/lib/api/api-request.js" {
  import { Dispatcher } from "undici";
  const request: Dispatcher["request"];
  export default request;
}
declare module "undici/lib/core/errors.js" {
  import { errors } from "undici";
  export default errors;
}
declare module "undici/lib/dispatcher/pool.js" {
  import { Pool } from "undici";
  export default Pool;
}
