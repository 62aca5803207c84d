import { parentPort, workerData } from "node:worker_threads";
import { writeVolume } from "./atomic-writer.ts";
import { restlessFiles } from "./restless-world.ts";

/**
 * The worker of `startRestlessWriter`: writes one generation of the restless world after the other to the volume `workerData`, as fast as it
 * can. A message ends it; it answers with the last generation.
 */
let generation = 0;
let isStopped = false;
parentPort?.once("message", () => (isStopped = true));

function writeSome(): void {
  for (let count = 0; count < 20; count++) writeVolume(String(workerData), restlessFiles(generation++));
  if (isStopped) parentPort?.postMessage(generation - 1);
  else setImmediate(writeSome);
}
writeSome();
