// Loaded into the process of an operator by `node --import`, before its own main file: on SIGUSR2 it collects all garbage, and appends to
// a file what is in memory then. Nothing of this is in the product. No TypeScript: what strips it of its types would be in memory, too.
import { appendFileSync } from "node:fs";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const file = process.env["HEAP_PROBE_FILE"];

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");
const collect = () => gc({ type: "major", execution: "sync" });

if (file !== undefined) {
  process.on("SIGUSR2", () => {
    collect();
    // what finalizers let go of is collected by another one
    setImmediate(() => {
      collect();
      appendFileSync(file, `${JSON.stringify(process.memoryUsage())}\n`);
    });
  });
}
