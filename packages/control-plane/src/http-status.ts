import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";

type Get<T> = (options: T, onResponse: (response: IncomingMessage) => void) => ClientRequest;

/** The status of the answer to a GET, or undefined where none came within 5 s. `get` is node:http's or node:https'. */
export function statusOf<T extends RequestOptions>(get: Get<T>, options: T): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get({ ...options, agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(undefined));
    request.once("close", () => resolve(undefined));
  });
}
