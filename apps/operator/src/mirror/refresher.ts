import { ApiError, type ApiClient, type Clock, pods } from "@metadata-mirror/api-client";
import {
  type Consumer,
  type MetadataMirror,
  refreshStep,
  revisionAnnotation,
  revisions,
  settleMs,
} from "@metadata-mirror/metadata-model";
import { type Action, awaitChange, requeueAfter } from "../runtime/action.ts";
import type { Reconciler } from "../runtime/controller.ts";
import { digest } from "./digest.ts";
import type { FixedUses } from "./fixed-uses.ts";
import { keyOf, refOf } from "./interest.ts";
import type { RefreshAgenda } from "./refresh-agenda.ts";
import type { RefreshCharges } from "./refresh-charges.ts";
import { refreshedConfigMap, refreshedMirror, refreshingMirror } from "./refreshed.ts";
import type { Refusals } from "./refusals.ts";
import { fieldManager } from "./resources.ts";
import type { Stores } from "./stores.ts";

export interface RefresherOptions {
  readonly client: ApiClient;
  readonly clock: Pick<Clock, "monotonic">;
  readonly stores: Stores;
  /** Whether the mirror is this operator's to keep at this moment: asked right before each write for its sake. */
  readonly isOurs: (mirror: MetadataMirror) => boolean;
  readonly agenda: RefreshAgenda;
  readonly refusals: Refusals;
  readonly charges: RefreshCharges;
  readonly fixedUses: FixedUses;
  /** A pod was patched, `lagMs` after a change of what it mounts was shown; undefined where it wasn't for a change. */
  readonly onPatch: (key: string, lagMs: number | undefined) => void;
  /** The API server refuses to have the pod patched. */
  readonly onRefused: (key: string, fault: ApiError) => void;
  /** The API server takes no such pod, most often since its annotations are as large as they may be: told once of each pod. */
  readonly onInvalid: (key: string, fault: ApiError) => void;
}

/**
 * The reconciler of pods that mount the ConfigMaps of mirrors whose consumers are refreshed at once: sees to it that the annotation of each is
 * the revision of what it mounts, as our own watch has shown it. It's written through `pods/status`, which serves the kubelet as well and can't
 * touch the spec. A pod that mounts none of these is never written, and one whose mirror goes stays as it is.
 */
export function createRefresher(options: RefresherOptions): Reconciler {
  const { client, clock, stores, isOurs, agenda, refusals, charges, fixedUses } = options;
  const revise = revisions(digest);
  /** Pods that the API server takes no annotation of, by their keys, with their uids. */
  const invalid = new Map<string, string>();

  function consumerOf(key: string): Consumer | undefined {
    const { namespace, name } = refOf(key);
    return stores.consumers.get(namespace, name);
  }

  async function patch(consumer: Consumer, annotation: string, { since, refund }: Debt): Promise<Action> {
    const key = keyOf(consumer);
    const { namespace, name, uid } = consumer;
    try {
      const answer = await client.patch(
        pods,
        { namespace, name, subresource: "status" },
        { metadata: { uid, annotations: { [revisionAnnotation]: annotation } } },
        { type: "merge", fieldManager, metadataOnly: true },
      );
      wrote(consumer, annotation, answer.metadata.resourceVersion ?? "");
    } catch (error) {
      refund?.();
      return fail(consumer, ApiError.from(error), since);
    }
    options.onPatch(key, since === undefined ? undefined : clock.monotonic() - since);
    refusals.heal(key);
    invalid.delete(key);
    return requeueAfter(settleMs);
  }

  /** The patch was not taken. */
  function fail(consumer: Consumer, fault: ApiError, since: number | undefined): Action {
    const key = keyOf(consumer);
    // it has gone, or it's another pod of that name by now, and the watch will tell
    if (fault.code === "not-found") return settle(key);
    if (fault.code === "invalid") {
      // tried again when the pod or the data changes
      if (consumerOf(key)?.uid === consumer.uid && !isOfUid(fault) && invalid.get(key) !== consumer.uid) {
        invalid.set(key, consumer.uid);
        options.onInvalid(key, fault);
      }
      return settle(key);
    }
    agenda.defer(key, since);
    if (fault.code !== "forbidden") throw fault;
    options.onRefused(key, fault);
    return requeueAfter(refusals.refuse(key));
  }

  /** Shows the annotation before the watch tells of it. */
  function wrote(consumer: Consumer, annotation: string, resourceVersion: string): void {
    const { namespace, name, uid } = consumer;
    const present = stores.consumers.get(namespace, name);
    if (present?.uid !== uid) return;
    agenda.tell(keyOf(consumer), annotation);
    stores.consumers.wrote({ namespace, name, resourceVersion, object: { ...present, revision: annotation } });
  }

  /** There is nothing to do. */
  function settle(key: string): Action {
    refusals.release(key);
    charges.release(key);
    return awaitChange;
  }

  /** The pod is no more, or needs nothing ever again. */
  function leave(key: string): Action {
    refusals.forget(key);
    invalid.delete(key);
    return settle(key);
  }

  /** The pod isn't to be patched yet, whatever the budget has. */
  function hold(key: string, waitMs: number): Admission {
    charges.release(key);
    return { waitMs };
  }

  /** In how many milliseconds the pod may be patched; where that is 0 the patch is claimed, and charged until the refund. */
  function admit(consumer: Consumer): Admission {
    const key = keyOf(consumer);
    const waitMs = refusals.wait(key);
    if (waitMs > 0) return hold(key, waitMs);
    const charge = charges.charge(consumer);
    if (charge.waitMs === 0) refusals.claim(key);
    return charge;
  }

  /** Does what is to be done now. */
  async function look(key: string, since: number | undefined): Promise<Action> {
    const consumer = consumerOf(key);
    if (!consumer?.waits) return idle(leave(key));
    const mirror = refreshingMirror(consumer, stores);
    if (mirror === undefined || !isOurs(mirror)) return idle(settle(key));
    const wanted = revise(consumer.mounts, (configMap) => refreshedConfigMap(consumer.namespace, configMap, stores));
    if (wanted === undefined) return idle(settle(key));
    const step = refreshStep({
      annotation: consumer.revision,
      wanted,
      sinceShown: agenda.sinceShown(consumer),
      ...agenda.told(consumer),
    });
    if (step.do === "nothing") return idle(settle(key));
    const { waitMs, refund } = step.do === "wait" ? hold(key, step.ms) : admit(consumer);
    if (step.do === "patch" && waitMs === 0) return patch(consumer, step.annotation, { since, refund });
    // who was told, and is to be told once more, is owed nothing
    if (consumer.revision !== wanted) agenda.defer(key, since);
    return idle(requeueAfter(waitMs));
  }

  /** Tells of what no refresh can reach; answers of how much. */
  async function tellFixed(key: string): Promise<number> {
    const consumer = consumerOf(key);
    if (consumer?.waits) return fixedUses.tell(consumer, (name) => isKnown(consumer, name));
    fixedUses.forget(key);
    return 0;
  }

  function isKnown({ namespace }: Consumer, configMap: string): boolean {
    const mirror = refreshedMirror(namespace, configMap, stores);
    return mirror !== undefined && isOurs(mirror);
  }

  return async (key) => {
    const since = agenda.begin(key);
    const told = await tellFixed(key);
    const action = await look(key, since);
    return { ...action, idle: told === 0 && (action.idle ?? false) };
  };
}

interface Admission {
  readonly waitMs: number;
  readonly refund?: () => void;
}

/** What a patch settles. */
interface Debt {
  /** Since when the pod is owed it. */
  readonly since: number | undefined;
  /** Gives back what it was charged, where it wasn't stored. */
  readonly refund: (() => void) | undefined;
}

/** Whether the API server refuses since the pod is another one: `ValidateObjectMetaUpdate` of apimachinery's `pkg/api/validation`. */
function isOfUid({ causes, message }: ApiError): boolean {
  return causes.some(({ field }) => field === "metadata.uid") || message.includes("metadata.uid: Invalid value");
}

function idle(action: Action): Action {
  return { ...action, idle: true };
}
