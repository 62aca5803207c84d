import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory, ensureBuilt } from "@metadata-mirror/control-plane";
import { execa } from "execa";
import type { Contestant, Host } from "./contestant.ts";
import { jobEnvironment } from "./environment.ts";
import { run } from "./running.ts";

const directory = join(import.meta.dirname, "../../peers/kopf");
const requirements = join(directory, "requirements.txt");

/** How long pip takes with nothing cached. */
const expectedSeconds = 30;

let file: string | undefined;

/** kopf, in a virtual environment of its pinned packages, which is kept in the cache. Takes Python 3.11 or newer. */
export const kopf: Contestant = {
  id: "kopf",
  name: "kopf",
  async prepare({ env, report, signal }) {
    const python = await pythonOf(env, signal);
    const made = createHash("sha256").update(JSON.stringify([python, await readFile(requirements, "utf8")]));
    const folder = join(cacheDirectory(env), made.digest("hex").slice(0, 16));
    const wanted = join(folder, "kopf");
    const build = (output: string, stop: AbortSignal) => install(join(folder, "kopf-venv"), output, env, stop);
    await ensureBuilt({ file: wanted, name: "kopf", expectedSeconds, build }, report, signal);
    file = wanted;
  },
  async start(job) {
    if (file === undefined) throw new Error("kopf has to be prepared before it starts");
    const args = ["run", "--standalone", `--namespace=${job.namespace}`, join(directory, "main.py")];
    return run({ file, args, env: jobEnvironment(job, 0) }, job.logPath);
  },
};

/** What Python there is: its path and version. */
async function pythonOf(env: Host["env"], signal: AbortSignal): Promise<string> {
  const script = "import sys; print(sys.executable, sys.version); assert sys.version_info >= (3, 11)";
  return python(["-c", script], "kopf needs Python 3.11 or newer: put its python3 on PATH", env, signal);
}

/** Makes the environment, and writes a script that runs kopf in it: the process is Python's own. */
async function install(venv: string, output: string, env: Host["env"], signal: AbortSignal): Promise<void> {
  await rm(venv, { recursive: true, force: true });
  const noVenv = "a virtual environment for kopf can't be made: Debian has what it takes in python3-venv";
  await python(["-m", "venv", venv], noVenv, env, signal);
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps", "-r", requirements];
  const noPackages = "kopf's packages can't be installed: see the network, and pip's configuration";
  await python(pip, noPackages, env, signal, join(venv, "bin/python"));
  await writeFile(output, `#!/bin/sh\nexec "${venv}/bin/python" -m kopf "$@"\n`, { mode: 0o755 });
}

async function python(
  args: readonly string[],
  problem: string,
  env: Host["env"],
  signal: AbortSignal,
  executable = "python3",
): Promise<string> {
  try {
    return (await execa(executable, args, { env, extendEnv: false, cancelSignal: signal })).stdout;
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${problem}\n${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
