import { installPackages } from "./debian.ts";
import { type Host, type Report, run, succeeds } from "./host.ts";
import { buildImage, hasImage, withContext } from "./image.ts";

/** An image that registries have. Where there is none, one of that name is made of Debian's packages. */
export interface PublicImage {
  readonly tag: string;
  /** Debian's packages that have the programs. */
  readonly packages: readonly string[];
  /** Their paths, on this machine and in the image. */
  readonly programs: readonly string[];
}

/** What most pods of the tests and of docs/examples run. */
const busybox: PublicImage = {
  tag: "busybox:1.37",
  packages: ["busybox-static"],
  programs: ["/bin/busybox"],
};

/** For pods that speak TLS by themselves: busybox's wget trusts whoever answers. */
const curl: PublicImage = {
  tag: "curlimages/curl:8.11.1",
  packages: ["busybox-static", "curl"],
  programs: ["/bin/busybox", "/usr/bin/curl"],
};

export const publicImages: readonly PublicImage[] = [busybox, curl];

/** Whether there is a registry: all of these images were pulled from it, now or earlier. */
export async function pullPublicImages(host: Host): Promise<boolean> {
  for (const image of publicImages) if (!(await pull(host, image))) return false;
  return true;
}

async function pull(host: Host, { tag }: PublicImage): Promise<boolean> {
  const labels = ["image", "inspect", "--format", "{{.Config.Labels}}", tag];
  const present = await run(host, "docker", labels).catch(() => undefined);
  if (present !== undefined && !present.includes("made-of:packages")) return true;
  return succeeds(host, "docker", ["pull", "--quiet", tag]);
}

/** Makes the images that are not there of Debian's packages: each a few programs and the libraries that they load. Needs root. */
export async function ensurePublicImages(host: Host, report: Report): Promise<void> {
  for (const { tag, packages, programs } of publicImages) {
    if (await hasImage(host, tag)) continue;
    await installPackages(host, packages, report);
    const files: Record<string, string> = {};
    for (const program of programs) {
      for (const file of [program, ...(await librariesOf(host, program))]) files[`root${file}`] = file;
    }
    await withContext({ folder: "packages", files }, (directory) => buildImage(host, directory, { tag }, report));
  }
}

async function librariesOf(host: Host, program: string): Promise<readonly string[]> {
  const listed = await run(host, "ldd", [program], { env: { LC_ALL: "C" } }).catch((error: unknown) => {
    if (/not a dynamic executable/.test(String(error))) return "";
    throw error;
  });
  return [...listed.matchAll(/\/\S+/g)].map(([path]) => path);
}
