import process from "node:process";
import {
  type ApiClient,
  ApiError,
  type Clock,
  configMaps,
  events,
  type KubernetesObject,
  systemClock,
} from "@metadata-mirror/api-client";
import type { ControlPlaneOptions } from "@metadata-mirror/control-plane";
import { MetadataMirrorStatus } from "@metadata-mirror/metadata-model";
import { pino } from "pino";
import { beforeAll, expect } from "vitest";
import { defaultConfig, type OperatorConfig } from "../src/config.ts";
import { createNamespace, type Sandbox, startSandbox } from "../src/demo/sandbox.ts";
import { metadataMirrors } from "../src/mirror/resources.ts";
import { runOperator } from "../src/operator.ts";
import { type Counted, countRequests } from "./calm.ts";

/** How long a change may take to show, in milliseconds: far more than it does, so that a busy machine is no failure. */
const deadline = { timeout: 20_000, interval: 25 };

/** A sandbox for the tests of one file, there from its first `beforeAll` on; with an operator, if it is to have one. */
export function useSandbox(
  options: Pick<ControlPlaneOptions, "users" | "audit"> & { readonly operator?: Partial<OperatorConfig> } = {},
) {
  let sandbox: Sandbox | undefined;
  let counted: Counted | undefined;
  beforeAll(async () => {
    await using stack = new AsyncDisposableStack();
    const { operator, ...ofControlPlane } = options;
    const started = stack.use(await startSandbox({ env: process.env, ...ofControlPlane }, systemClock));
    sandbox = started;
    counted = countRequests(started.client);
    if (operator !== undefined) stack.use(startOperator(counted.client, operator));
    const owned = stack.move();
    return () => owned.disposeAsync();
  });
  return {
    get client(): ApiClient {
      if (sandbox === undefined) throw new Error("the sandbox is not there before the tests run");
      return sandbox.client;
    },
    get controlPlane(): Sandbox["controlPlane"] {
      if (sandbox === undefined) throw new Error("the sandbox is not there before the tests run");
      return sandbox.controlPlane;
    },
    /** How many requests the operator has made for objects of the namespace. */
    operatorRequests: (namespace: string): number => counted?.of(namespace) ?? 0,
  };
}

/** A clock ten times as fast as the system's: what is tried again after 10 s is after 1 s. */
const hastyClock: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() * 10,
  sleep: (ms, signal) => systemClock.sleep(ms / 10, signal),
};

/** An operator that runs until it's disposed of, in a hurry unless the test gives it a clock. */
export function startOperator(
  client: ApiClient,
  config: Partial<OperatorConfig> = {},
  clock: Clock = hastyClock,
  identity = "test",
): AsyncDisposable {
  const stop = new AbortController();
  const ended = runOperator({
    client,
    config: { ...defaultConfig, ...config },
    clock,
    processor: () => clock.monotonic(),
    random: () => 0.5,
    log: pino({ level: process.env["TEST_LOG_LEVEL"] ?? "silent" }),
    instance: "test",
    giveBack: () => undefined,
    identity,
    signal: stop.signal,
  });
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

const defaultSpec = {
  peers: { selector: { matchLabels: { app: "web" } } },
  items: [
    { path: "podName", fieldRef: { fieldPath: "metadata.name" } },
    { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
  ],
};

/** A mirror of the pods labelled app=web; `spec` replaces what it names of the default spec. */
function mirrorManifest(namespace: string, name: string, spec: object = {}): KubernetesObject {
  return {
    apiVersion: "metadatamirror.dev/v1alpha1",
    kind: "MetadataMirror",
    metadata: { namespace, name },
    spec: { ...defaultSpec, ...spec },
  };
}

/** One namespace of a sandbox, in the words of the tests. */
export interface Scene {
  readonly namespace: string;
  readonly client: ApiClient;
  readonly createMirror: (name: string, spec?: object) => Promise<KubernetesObject>;
  readonly configMap: (name: string) => Promise<KubernetesObject | undefined>;
  /** Waits until the ConfigMap holds exactly `data`, for 20 s where no time is told, in milliseconds. */
  readonly expectData: (name: string, data: Record<string, string>, timeout?: number) => Promise<void>;
  /** Waits until the condition of the mirror is as told. */
  readonly expectCondition: (mirror: string, type: string, expected: object) => Promise<void>;
  /** Waits until the status of the mirror holds what is told. */
  readonly expectStatus: (mirror: string, expected: object) => Promise<void>;
  /** Waits until an Event of the reason on the mirror was created. */
  readonly expectEvent: (mirror: string, reason: string) => Promise<void>;
}

/** Makes the namespace. */
export async function createScene(client: ApiClient, namespace: string): Promise<Scene> {
  await createNamespace(client, namespace);
  const configMap = (name: string) =>
    client.get(configMaps, { namespace, name }).catch((error: unknown) => {
      if (ApiError.from(error).code === "not-found") return undefined;
      throw error;
    });
  return {
    namespace,
    client,
    configMap,
    createMirror: (name, spec) => client.create(metadataMirrors, mirrorManifest(namespace, name, spec)),
    expectData: (name, data, timeout = deadline.timeout) => {
      const held = async () => {
        const found = await configMap(name);
        return found && (found["data"] ?? {});
      };
      return expect.poll(held, { ...deadline, timeout }).toEqual(data);
    },
    expectCondition: (mirror, type, expected) =>
      expect
        .poll(async () => {
          const { status } = await client.get(metadataMirrors, { namespace, name: mirror });
          const { conditions = [] } = MetadataMirrorStatus.parse(status ?? {});
          return conditions.find((condition) => condition.type === type);
        }, deadline)
        .toMatchObject(expected),
    expectStatus: (mirror, expected) =>
      expect
        .poll(async () => (await client.get(metadataMirrors, { namespace, name: mirror }))["status"], deadline)
        .toMatchObject(expected),
    expectEvent: (mirror, reason) =>
      expect
        .poll(async () => {
          const found: unknown[] = [];
          for await (const { items } of client.list(events, { namespace })) found.push(...items);
          return found;
        }, deadline)
        .toContainEqual(expect.objectContaining({ reason, regarding: expect.objectContaining({ name: mirror }) })),
  };
}
