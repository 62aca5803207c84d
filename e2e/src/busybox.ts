import { installPackages } from "./debian.ts";
import { type Host, type Report, succeeds } from "./host.ts";
import { buildImage, hasImage, withContext } from "./image.ts";

/** What the pods of the tests and of docs/examples run. */
export const busybox = "busybox:1.37";

/** Whether a registry can be had: the image was pulled from it. */
export async function pullBusybox(host: Host): Promise<boolean> {
  return succeeds(host, "docker", ["pull", "--quiet", busybox]);
}

/** Makes an image of that name from Debian's package. */
export async function ensureBusybox(host: Host, report: Report): Promise<void> {
  if (await hasImage(host, busybox)) return;
  await installPackages(host, ["busybox-static"], report);
  const files = { busybox: "/bin/busybox" };
  await withContext({ folder: "busybox", files }, (directory) => buildImage(host, directory, { tag: busybox }, report));
}
