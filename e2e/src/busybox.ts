import { installPackages } from "./debian.ts";
import { type Host, type Report, run, succeeds } from "./host.ts";
import { buildImage, hasImage, withContext } from "./image.ts";

/** What the pods of the tests and of docs/examples run. */
export const busybox = "busybox:1.37";

/** Whether there is a registry: the image was pulled from it, now or earlier. */
export async function pullBusybox(host: Host): Promise<boolean> {
  const labels = ["image", "inspect", "--format", "{{.Config.Labels}}", busybox];
  const present = await run(host, "docker", labels).catch(() => undefined);
  if (present !== undefined && !present.includes("made-of:packages")) return true;
  return succeeds(host, "docker", ["pull", "--quiet", busybox]);
}

/** Makes an image of that name from Debian's package. */
export async function ensureBusybox(host: Host, report: Report): Promise<void> {
  if (await hasImage(host, busybox)) return;
  await installPackages(host, ["busybox-static"], report);
  const files = { busybox: "/bin/busybox" };
  await withContext({ folder: "busybox", files }, (directory) => buildImage(host, directory, { tag: busybox }, report));
}
