import { join } from "node:path";
import type { ControlPlane } from "@metadata-mirror/control-plane";
import { Pool } from "undici";
import { connections } from "./api.ts";

/** The control plane's etcd, by its JSON gateway (https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/). */
export interface Etcd extends AsyncDisposable {
  /** What is stored there. Throws where nothing is. */
  get(key: string): Promise<Buffer>;
  /** Stores it, as the newest version. */
  put(key: string, value: Buffer): Promise<void>;
  /** Nothing is stored there any more. */
  remove(key: string): Promise<void>;
}

/** Opens connections to it, by its socket. */
export function openEtcd({ directory }: ControlPlane): Etcd {
  const pool = new Pool("http://etcd", { socketPath: join(directory, "etcd.sock"), connections });
  const headers = { "content-type": "application/json" };
  const call = async (path: string, body: object): Promise<string> => {
    const answer = await pool.request({ method: "POST", path, headers, body: JSON.stringify(body) });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`etcd, ${path}: HTTP ${answer.statusCode}: ${text.slice(0, 300)}`);
    return text;
  };
  return {
    async get(key) {
      const answer = JSON.parse(await call("/v3/kv/range", { key: base64(key) })) as {
        readonly kvs?: readonly { readonly value: string }[];
      };
      const value = answer.kvs?.[0]?.value;
      if (value === undefined) throw new Error(`etcd has nothing at ${key}`);
      return Buffer.from(value, "base64");
    },
    async put(key, value) {
      await call("/v3/kv/put", { key: base64(key), value: value.toString("base64") });
    },
    async remove(key) {
      await call("/v3/kv/deleterange", { key: base64(key) });
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
