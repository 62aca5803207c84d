import { readFile } from "node:fs/promises";
import { request } from "undici";
import type { Session } from "./session.ts";

/** How many mirrors each replica of the operator says are its own, by its metrics. */
export async function mirrorsOwned({ replicas }: Session): Promise<readonly number[]> {
  return Promise.all(
    replicas.map(async ({ logPath }) => {
      const port = parsePort(await readFile(logPath, "utf8"));
      const answer = await request(`http://127.0.0.1:${port}/metrics`);
      return parseOwned(await answer.body.text());
    }),
  );
}

/** Where the operator serves its metrics, as it logs once it is ready. */
export function parsePort(log: string): number {
  const [, port] = /"healthPort":(\d+)/.exec(log) ?? [];
  if (port === undefined) throw new Error("the operator's log doesn't tell the port of its metrics: it isn't ready");
  return Number(port);
}

/** From the text of the operator's metrics. */
export function parseOwned(metrics: string): number {
  const [, count] = /^metadata_mirror_mirrors_owned (\d+)$/m.exec(metrics) ?? [];
  if (count === undefined) throw new Error("the operator's metrics don't tell how many mirrors are its own");
  return Number(count);
}
