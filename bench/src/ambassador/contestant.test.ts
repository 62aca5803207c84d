import { expect, test } from "vitest";
import { entrypointOf } from "../testing/entrypoint.ts";
import { nodeFlags } from "./contestant.ts";

test("the ambassador is measured with the flags that its image has", () => {
  expect(entrypointOf("ambassador")).toEqual(["node", ...nodeFlags, "/app/main.cjs"]);
});
