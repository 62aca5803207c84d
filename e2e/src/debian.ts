import { createHash } from "node:crypto";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Host, type Report, run, succeeds } from "./host.ts";
import { hasImage } from "./image.ts";

/** Whether packages can be installed: we are root on Debian. */
export async function isDebianRoot(host: Host): Promise<boolean> {
  return host.uid === 0 && (await osRelease())["ID"] === "debian";
}

async function osRelease(): Promise<Partial<Record<string, string>>> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return Object.fromEntries([...text.matchAll(/^(\w+)="?(.*?)"?$/gm)].map(([, name, value]) => [name, value]));
}

/** Installs those packages that are not there yet. */
export async function installPackages(host: Host, packages: readonly string[], report: Report): Promise<void> {
  const missing: string[] = [];
  for (const name of packages) if (!(await succeeds(host, "dpkg", ["--status", name]))) missing.push(name);
  if (missing.length === 0) return;
  const apt = (...args: string[]) =>
    run(host, "apt-get", ["-qq", "-o", "Acquire::Retries=3", ...args], {
      report,
      env: { DEBIAN_FRONTEND: "noninteractive" },
    });
  await apt("update");
  await apt("install", "-y", "--no-install-recommends", ...missing);
}

/** What a node of a cluster needs, and more than enough to build Node.js programs in. */
const nodePackages = (
  "ca-certificates catatonit conntrack containerd containernetworking-plugins ethtool iproute2 iptables jq kmod mount procps " +
  "runc socat"
).split(" ");

/**
 * Makes sure of a Docker image that holds a small Debian of the release that this machine runs, from the mirror that it
 * uses, and answers its tag. Needs root.
 */
export async function ensureDebianImage(host: Host, report: Report): Promise<string> {
  const { VERSION_CODENAME: codename } = await osRelease();
  if (codename === undefined) throw new Error("/etc/os-release has no VERSION_CODENAME");
  const tag = `metadata-mirror/debian:${codename}-${createHash("sha256").update(nodePackages.join()).digest("hex").slice(0, 12)}`;
  if (await hasImage(host, tag)) return tag;

  await installPackages(host, ["debootstrap", "debian-archive-keyring"], report);
  await using folder = await mkdtempDisposable(join(tmpdir(), "metadata-mirror-debian-"));
  const root = join(folder.path, "root");
  const include = `--include=${nodePackages.join()}`;
  await run(host, "debootstrap", ["--variant=minbase", include, codename, root, await mirrorOf(host, codename)], {
    report,
  });
  const archive = join(folder.path, "root.tar");
  await run(host, "tar", ["-C", root, "--exclude=./var/cache/apt/*", "-cf", archive, "."]);
  await run(host, "docker", ["import", archive, tag], { report });
  return tag;
}

async function mirrorOf(host: Host, codename: string): Promise<string> {
  const targets = await run(host, "apt-get", ["indextargets", "--format", "$(CODENAME) $(REPO_URI)"]);
  const [, mirror] = new RegExp(`^${codename} (.+)$`, "m").exec(targets) ?? [];
  if (mirror === undefined) throw new Error(`apt's sources name no mirror of Debian ${codename}`);
  return mirror;
}
