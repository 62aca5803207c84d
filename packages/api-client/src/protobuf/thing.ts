import { inline, many, message, one } from "./message.ts";

const named = message({ 1: ["name", "text"] });

/** For tests: a schema with every kind of field. */
export const thing = message({
  1: ["name", "text"],
  2: ["count", "int"],
  3: ["on", "bool"],
  4: ["at", "time"],
  5: ["labels", "texts"],
  6: ["limits", "quantities"],
  7: ["blobs", "blobs"],
  8: ["inner", one(named)],
  9: ["parts", many(named)],
  10: ["", inline(message({ 1: ["embedded", "text"] }))],
  11: ["kept", "list"],
  2047: ["far", "text"],
});
