import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type ApiClient, connect } from "@metadata-mirror/api-client";
import { fromKubeconfig } from "@metadata-mirror/auth";
import { type ControlPlane, findBinary } from "@metadata-mirror/control-plane";
import { beforeAll } from "vitest";

/** The operator's account, as an API server names it. */
export const account = "system:serviceaccount:metadata-mirror:metadata-mirror";

/** The option of a sandbox that lets it log in. */
export const operatorUser = { name: account, groups: ["system:serviceaccounts", "system:authenticated"] };

/** The path of a kustomization of `deploy/`, such as overlays/cluster-wide. */
export function deployPath(kustomization: string): string {
  return fileURLToPath(new URL(`../../../deploy/${kustomization}`, import.meta.url));
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl as the admin of a sandbox; `input` goes to its standard input. */
export function useKubectl(sandbox: { readonly controlPlane: ControlPlane }) {
  let program = "";
  beforeAll(async () => {
    program = await findBinary("kubectl", { env: process.env });
  });
  return (args: readonly string[], input = ""): Outcome => {
    const login = ["--kubeconfig", sandbox.controlPlane.kubeconfigPath];
    const { status, stdout, stderr } = spawnSync(program, [...login, ...args], {
      encoding: "utf8",
      input,
      timeout: 20_000,
    });
    return { status, stdout, stderr };
  };
}

/** A client as the operator's account. */
export async function operatorClient(controlPlane: ControlPlane): Promise<ApiClient> {
  const file = join(controlPlane.directory, "operator.kubeconfig");
  await writeFile(file, controlPlane.user(account).kubeconfig);
  return connect(await fromKubeconfig([file], { now: () => 0 }));
}
