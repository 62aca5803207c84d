import { type ApiClient, configMaps, systemClock } from "@metadata-mirror/api-client";
import type { ControlPlane } from "@metadata-mirror/control-plane";
import type { Trouble } from "./case.ts";

interface Server {
  readonly controlPlane: ControlPlane;
  /** Goes to it directly. */
  readonly client: ApiClient;
}

/** What goes wrong with the whole server. */
export type ServerTrouble = (server: Server) => Omit<Trouble, "phase">;

const nothing = () => Promise.resolve();

/** The API server is killed, and started again with the same data. */
export const killed: ServerTrouble = ({ controlPlane }) => ({
  begin({ faults }) {
    const before = faults();
    const reachable = controlPlane.restartApiServer();
    return Promise.resolve({ reachable, hasStruck: () => faults() > before, lift: nothing });
  },
});

const pauseMs = 3_000;

/** etcd stands still for 3 s. */
export const paused: ServerTrouble = ({ controlPlane }) => ({
  begin() {
    const pause = controlPlane.pauseEtcd();
    const reachable = systemClock.sleep(pauseMs).then(() => pause[Symbol.dispose]());
    return Promise.resolve({ reachable, hasStruck: () => true, lift: nothing });
  },
});

/**
 * How many versions are given that the restored server has never heard of: more than it gives until the operator has noticed. Else it could
 * not notice, nor can any client that trusts in versions: see docs/faults.md. What every watch has seen last comes after them.
 */
const lostVersions = 500;

/** The API server and etcd are killed, and started again with the data of some time ago. */
export const restored: ServerTrouble = ({ controlPlane, client }) => ({
  // a stream from a version that the server doesn't know yet brings nothing, for ever
  silenceMs: 2_500,
  timeTravel: true,
  async begin({ world, faults }) {
    const checkpoint = await controlPlane.checkpoint();
    const forget = world.remember();
    await world.change();
    const [, other] = world.namespaces;
    await client.create(configMaps, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { namespace: other, name: "lost" },
    });
    for (let i = 0; i < lostVersions; i++)
      await client.patch(configMaps, { namespace: other, name: "lost" }, { data: { i: `${i}` } });
    await world.change();
    const before = faults();
    const reachable = checkpoint.restore().then(forget);
    return { reachable, hasStruck: () => faults() > before, lift: nothing };
  },
});
