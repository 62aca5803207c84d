import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Access } from "@metadata-mirror/control-plane";
import { type CustomResourceDefinition, metadataGrantCrd, metadataMirrorCrd } from "../src/crd.ts";

/** What the API server answers: an object, or a Status that says why not. */
export interface Answer {
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly metadata?: { readonly name: string; readonly resourceVersion: string };
    readonly spec?: unknown;
    readonly status?: unknown;
  };
}

/** Sends one request with a JSON body, without a client of ours: the model must not need one. */
export async function send(
  { server, ca, token }: Access,
  method: "GET" | "POST" | "PUT",
  path: string,
  body?: object,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const sent = request(`${server}${path}`, { method, ca, headers, agent: false });
  sent.end(body && JSON.stringify(body));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const received = await text(response);
  const isJson = response.headers["content-type"] === "application/json";
  // a path that isn't served is answered in plain text
  const answer = isJson ? (JSON.parse(received) as Answer["body"]) : { message: received };
  return { status: response.statusCode ?? 0, body: answer };
}

/** A condition of a CustomResourceDefinition. */
export interface CrdCondition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
}

/** The path of all CustomResourceDefinitions. */
export const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Installs both CRDs, waits until they are served, and answers the conditions of each. */
export async function installCrds(access: Access): Promise<readonly (readonly CrdCondition[])[]> {
  return Promise.all([metadataMirrorCrd(), metadataGrantCrd()].map((crd) => installCrd(access, crd)));
}

/** Installs one, as {@link installCrds} does. */
export async function installCrd(access: Access, crd: CustomResourceDefinition): Promise<readonly CrdCondition[]> {
  const created = await send(access, "POST", `${crds}?fieldValidation=Strict`, crd);
  if (created.status !== 201) throw new Error(`CRD ${crd.metadata.name}: ${created.body.message ?? created.status}`);
  const deadline = performance.now() + 20_000;
  for (;;) {
    const { body } = await send(access, "GET", `${crds}/${crd.metadata.name}`);
    // null until the first of them is there
    const { conditions } = body.status as { conditions: CrdCondition[] | null };
    const served = await send(access, "GET", `/apis/metadatamirror.dev/v1alpha1/${crd.spec.names.plural}`);
    const established = conditions?.some(({ type, status }) => type === "Established" && status === "True");
    if (established && served.status === 200) return conditions ?? [];
    if (performance.now() > deadline) throw new Error(`CRD ${crd.metadata.name}: ${JSON.stringify(conditions)}`);
    await sleep(50);
  }
}
