import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";

/** The API of one namespace, over connections that are kept. `open` answers with the response as it begins, `send` with the JSON of all of it. */
export function createApi({ server, ca, token, namespace }) {
  const agent = new Agent({ ca, keepAlive: true });
  const base = `${server}/api/v1/namespaces/${namespace}`;

  function open(method, path, type, body) {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(type && { "content-type": type, "content-length": Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      request(`${base}${path}`, { agent, method, headers }, (response) => {
        if (response.statusCode < 300) resolve(response);
        else reject(new Error(`${method} ${path}: HTTP ${response.statusCode}`));
      })
        .on("error", reject)
        .end(body);
    });
  }

  return {
    open,
    send: async (method, path, type, body) => JSON.parse(await text(await open(method, path, type, body))),
  };
}
