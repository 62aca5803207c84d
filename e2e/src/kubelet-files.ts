import type { Files } from "./files.ts";

/**
 * A line of the kubelet's file of all annotations that the mirror leaves out: what the kubelet adds to its own copy of a pod
 * and no one else can know, our own, and kubectl's copy of the manifest. Each is one line whatever its value.
 */
const leftOut =
  /^(kubernetes\.io\/config\.(seen|source)|metadatamirror\.dev\/[^=]*|kubectl\.kubernetes\.io\/last-applied-configuration)=/;

/** The files of a pod's downwardAPI volume as its peers' mirror has them: with the intended differences, in `annotations`. */
export function asMirrored(files: Files): Files {
  const { annotations, ...others } = files;
  if (annotations === undefined) return others;
  const kept = annotations.split("\n").filter((line) => !leftOut.test(line));
  return { ...others, annotations: kept.join("\n") };
}
