import { configMaps, connect, pods } from "@metadata-mirror/api-client";
import type { Credentials } from "@metadata-mirror/auth";
import type { Say } from "./say.ts";

/** The three steps with the library that the operator is made with. */
export async function useApiClient(credentials: Credentials, say: Say, signal: AbortSignal): Promise<void> {
  const { namespace } = credentials;
  await using client = connect(credentials);

  const names: string[] = [];
  for await (const { items } of client.list(pods, { namespace, metadataOnly: true })) {
    names.push(...items.map(({ metadata }) => metadata.name ?? ""));
  }
  say({ step: "list", pods: names });

  const patch = { data: { pods: String(names.length) } };
  const { data } = await client.patch(configMaps, { namespace, name: "pod-count" }, patch);
  say({ step: "patch", data });

  // through every fault, until it is stopped; it says what it could not do and when it tries again
  const events = client.watch(pods, {
    namespace,
    metadataOnly: true,
    signal,
    decode: ({ metadata }) => metadata.name,
    onFault: ({ message }) => say({ step: "fault", message }),
  });
  for await (const event of events) {
    if ("object" in event) say({ step: "watch", change: event.type, pod: event.object });
  }
}
