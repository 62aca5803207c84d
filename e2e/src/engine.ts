import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { poll } from "@metadata-mirror/control-plane";
import { installPackages, isDebianRoot } from "./debian.ts";
import { type Host, type Report, run, stateDirectory, succeeds } from "./host.ts";

/** Whether Docker answers, or can be made to. */
export async function isEngineToBeHad(host: Host): Promise<boolean> {
  return (await isEngineRunning(host)) || (await isEngineOurs(host));
}

function isEngineRunning(host: Host): Promise<boolean> {
  return succeeds(host, "docker", ["version", "--format", "{{.Server.Version}}"]);
}

/** Whether we may start one: not beside one that the user has named. */
async function isEngineOurs(host: Host): Promise<boolean> {
  return !host.env["DOCKER_HOST"] && (await isDebianRoot(host));
}

/**
 * Makes sure that a Docker engine answers: the one that is there or, for root on Debian, docker.io, installed and started.
 * It stays until {@link stopEngine}.
 */
export async function ensureEngine(host: Host, report: Report): Promise<void> {
  if (await isEngineRunning(host)) return;
  if (!(await isEngineOurs(host))) {
    throw new Error(
      "no container engine answers `docker version`: start Docker, or run as root on Debian, where it is installed and started",
    );
  }
  await installPackages(host, ["docker.io", "iptables", "jq"], report);
  if (!(await succeeds(host, "docker", ["--version"]))) await installPackages(host, ["docker-cli"], report);
  // where there is an init, the package has started it
  if (!(await isEngineRunning(host))) await startEngine(host, report);
}

const pidFile = (host: Host) => join(stateDirectory(host), "dockerd.pid");

async function startEngine(host: Host, report: Report): Promise<void> {
  // one of ours that no longer answers, or the PID of one that was killed: dockerd takes whoever has it now for itself
  await stopEngine(host);
  const directory = stateDirectory(host);
  await mkdir(directory, { recursive: true });
  // the engine outlives this checkout
  const shim = join(directory, "runc-shim");
  await copyFile(join(import.meta.dirname, "../images/cluster-node/runc-shim"), shim);
  await chmod(shim, 0o755);
  const logFile = join(directory, "dockerd.log");
  await using log = await open(logFile, "w");
  const args = ["--pidfile", pidFile(host), "--add-runtime", `shim=${shim}`, "--default-runtime", "shim"];
  const engine = spawn("dockerd", args, {
    env: host.env,
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  await once(engine, "spawn");
  engine.unref();
  report(`starting dockerd, its log is ${logFile}`);
  const answered = async () => {
    if (engine.exitCode !== null) throw new Error(`dockerd ended:\n${(await tail(logFile)).join("\n")}`);
    return (await isEngineRunning(host)) || undefined;
  };
  await poll(answered, { everyMs: 200, timeoutMs: 60_000, signal: host.signal });
}

async function tail(file: string): Promise<readonly string[]> {
  return (await readFile(file, "utf8")).trimEnd().split("\n").slice(-15);
}

/** Ends the engine if it was we who started it. */
export async function stopEngine(host: Host): Promise<void> {
  const pid = (await readFile(pidFile(host), "utf8").catch(() => "")).trim();
  if (pid === "") return;
  // a PID may have become another's
  const name = await run(host, "ps", ["-o", "comm=", "-p", pid]).catch(() => "");
  if (name === "dockerd") {
    await run(host, "kill", [pid]);
    const gone = async () => !(await succeeds(host, "kill", ["-0", pid])) || undefined;
    await poll(gone, { everyMs: 100, timeoutMs: 30_000, signal: host.signal });
  }
  await rm(pidFile(host), { force: true });
}
