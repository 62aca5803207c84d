import type { ItemProblem, PeerRecord } from "../project.ts";
import { utf8Length } from "../utf8.ts";
import type { Aggregate, Fragment } from "./aggregate.ts";
import { fullName } from "./full-name.ts";

/** The longest line that Docker takes, in bytes (`bufio.MaxScanTokenSize` with the newline): a longer one refuses the whole file. */
const maxLineLength = 65_535;

/**
 * The `Env` format: lines `NAME=value` that a shell (`. file`) and `docker --env-file` (docker/cli `pkg/kvfile`) read alike, so that nothing
 * in them is quoted. The name is `<POD>_<PATH>` in capitals, before it `<NAMESPACE>__` for peers of another namespace than the
 * mirror's, with `_` for whatever else a name may not hold, and `_` before a digit. A value that the two would not read alike
 * is left out, and so is the second of two lines of one name.
 */
export function envAggregate(key: string): Aggregate {
  return {
    key,
    fragment: envFragment,
    document: (fragments) => fragments.map((text) => (text === "" ? "" : `${text}\n`)).join(""),
    names: {
      of: (fragment) => lines(fragment).map(nameOf),
      without: (fragment, names) =>
        lines(fragment)
          .filter((line) => !names.has(nameOf(line)))
          .join("\n"),
      problem: envNameTaken,
    },
  };
}

function envFragment(record: Pick<PeerRecord, "own" | "namespace" | "name" | "items">): Fragment {
  const peer = fullName(record);
  const made = new Map<string, string>();
  const problems: ItemProblem[] = [];
  for (const { path, text } of record.items) {
    const variable = variableName(`${peer}_${path}`);
    const line = `${variable}=${text}`;
    if (!isReadAlike(text) || utf8Length(line) > maxLineLength) problems.push(notEnv(path));
    else if (made.has(variable)) problems.push({ ...envNameTaken(variable), path });
    else made.set(variable, line);
  }
  return { text: [...made.values()].join("\n"), problems };
}

/** What is after the first `=` of a line that a shell reads as it is: no word, no quote, no expansion, no pattern and no comment in it. */
function isReadAlike(value: string): boolean {
  return /^[a-zA-Z0-9_@%+=:,./-]*$/.test(value);
}

/** As Kubernetes names the variables of services (`pkg/kubelet/envvars`). */
function variableName(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[^A-Z0-9_]/g, "_")
    .replace(/^(?=[0-9])/, "_");
}

function lines(fragment: string): readonly string[] {
  return fragment === "" ? [] : fragment.split("\n");
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf("="));
}

function notEnv(path: string): ItemProblem {
  const message =
    "a shell and Docker would not read its value alike in an Env document: it may hold letters, digits and _@%+=:,./- only";
  return { path, reason: "NotEnv", message };
}

function envNameTaken(variable: string): ItemProblem {
  return {
    path: variable,
    reason: "EnvNameTaken",
    message: `another line of the Env document has the name ${variable}`,
  };
}
