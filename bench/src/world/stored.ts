import type { Api } from "./api.ts";
import { type Ledger, seqText } from "./ledger.ts";

/** The members of a pod's line, in their order. */
const members = ["_id", "name", "uid", "podIP", "hostIP", "nodeName", "labels", "seq", "note"];

/** What is in the ConfigMaps of the namespaces at the end: a line each pod. */
export async function storedLines(api: Api, namespaces: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const namespace of namespaces) {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    for (let token: string | undefined = ""; token !== undefined; ) {
      const page: ConfigMapPage = JSON.parse(
        await api.send({ method: "GET", path: `${path}?limit=50&continue=${token}` }),
      );
      for (const { data = {} } of page.items) lines.push(...Object.values(data).flatMap(linesOf));
      token = page.metadata.continue === "" ? undefined : page.metadata.continue;
    }
  }
  return lines;
}

interface ConfigMapPage {
  readonly metadata: { readonly continue?: string };
  readonly items: readonly { readonly data?: Readonly<Record<string, string>> }[];
}

function linesOf(value: string): readonly string[] {
  return value.split("\n").flatMap((line) => (line.startsWith('{"_id"') ? [line.replace(/,$/, "")] : []));
}

/** What is wrong with lines that should tell of each pod's last change, a sentence; undefined where nothing is. */
export function problemOf(lines: readonly string[], ledger: Pick<Ledger, "latest">): string | undefined {
  const found = new Set<unknown>();
  for (const line of lines) {
    const peer: Readonly<Record<string, unknown>> = JSON.parse(line);
    if (Object.keys(peer).join() !== members.join())
      return `a line has ${Object.keys(peer).join()}, not ${members.join()}`;
    found.add(peer["seq"]);
  }
  const wanted = new Set(ledger.latest().map(seqText));
  const missing = [...wanted].filter((seq) => !found.has(seq)).length;
  const foreign = [...found].filter((seq) => !wanted.has(seq as string)).length;
  if (missing + foreign === 0) return undefined;
  return `in the end the last changes of ${missing} of ${wanted.size} pods are missing, and ${foreign} are there that should not be`;
}
