import { kubectl } from "../src/cluster.ts";
import { host } from "./scene.ts";

/** The certificate of an authority that has not signed the API server's: the same cluster's, for API servers behind it. */
export function otherAuthority(): Promise<string> {
  const configMap = ["configmap", "extension-apiserver-authentication", "--namespace=kube-system"];
  return kubectl(host, ["get", ...configMap, "--output=jsonpath={.data['requestheader-client-ca-file']}"]);
}
