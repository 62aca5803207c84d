import { type ApiClient, configMaps, type KubernetesObject, pods, type Resource } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { inWords, follow, p99, roundItem } from "./latency.ts";
import { createScene, startOperator, useSandbox } from "./support.ts";

const sandbox = useSandbox();

const admission = (plural: string, kind: string): Resource => ({
  group: "admissionregistration.k8s.io",
  version: "v1",
  plural,
  kind,
  namespaced: false,
});

/** A policy by which no ConfigMap named `refused` is ever taken. */
async function refuse(client: ApiClient): Promise<void> {
  const of = { apiVersion: "admissionregistration.k8s.io/v1", metadata: { name: "refused" } };
  const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"] };
  await client.create(admission("validatingadmissionpolicies", "ValidatingAdmissionPolicy"), {
    ...of,
    kind: "ValidatingAdmissionPolicy",
    spec: {
      matchConstraints: { resourceRules: [rule] },
      validations: [{ expression: "object.metadata.name != 'refused'", message: "never" }],
    },
  });
  await client.create(admission("validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding"), {
    ...of,
    kind: "ValidatingAdmissionPolicyBinding",
    spec: { policyName: "refused", validationActions: ["Deny"] },
  });
}

/** Whatever is read of it throws, as a bug of ours would. */
function poison(): never {
  throw new TypeError("poison");
}

/** The same items, but that whoever goes through them throws. To whoever compares them they are as they were. */
function poisonedItems(items: readonly unknown[]): readonly unknown[] {
  const poisoned = [...items];
  for (const way of ["map", "flatMap", "filter", "some", "every", "find", "forEach", Symbol.iterator])
    Object.defineProperty(poisoned, way, { value: poison });
  return poisoned;
}

const unreadable = (object: KubernetesObject): KubernetesObject =>
  Object.defineProperty({ ...object }, "spec", { get: poison });

/** A client by which pods named `poison` can't be read, and the items of mirrors named `poison` can't be looked at. */
function poisoned(client: ApiClient): ApiClient {
  return {
    ...client,
    watch: (resource, options) =>
      client.watch(resource, {
        ...options,
        decode(object) {
          if (object.metadata.name !== "poison") return options.decode(object);
          if (resource.plural !== "metadatamirrors") return options.decode(unreadable(object));
          const decoded = options.decode(object);
          const { object: mirror } = decoded as { readonly object: { readonly spec: { readonly items: unknown[] } } };
          const spec = { ...mirror.spec, items: poisonedItems(mirror.spec.items) };
          return { ...decoded, object: { ...mirror, spec } };
        },
      }),
    // what is answered to a status would bring the items back
    async patch(resource, ref, ...rest) {
      const answer = await client.patch(resource, ref, ...rest);
      return resource.plural === "metadatamirrors" && ref.name === "poison" ? unreadable(answer) : answer;
    },
  };
}

test("a pod that can't be read, a mirror whose passes throw, and a ConfigMap that is never taken keep 20 other mirrors from nothing", async () => {
  const { client } = sandbox;
  await refuse(client);
  const scene = await createScene(client, "others");
  const { namespace } = scene;
  const names = Array.from({ length: 20 }, (_, index) => `m${index}`);
  for (const name of names) {
    await createPod(client, { namespace, name, labels: { app: name } });
    await scene.createMirror(name, { peers: { selector: { matchLabels: { app: name } } }, items: [roundItem] });
  }
  await using _operator = startOperator(poisoned(client));
  await using stack = new AsyncDisposableStack();
  const followers = names.map((name) => stack.use(follow(scene, name, name)));
  const measure = async () => (await Promise.all(followers.map(({ changes }) => changes(200, 3_000)))).flat();
  await measure();
  const alone = await measure();

  await createPod(client, { namespace, name: "poison", labels: { app: "m0" } });
  await scene.createMirror("poison");
  await scene.createMirror("refused");
  await scene.expectCondition("refused", "Ready", { status: "False" });
  // a change of each wakes all that it concerns, again and again
  const stop = new AbortController();
  const stirred = (async () => {
    for (let round = 0; !stop.signal.aborted; round++) {
      const stir = { metadata: { annotations: { stir: String(round) } } };
      await client.patch(pods, { namespace, name: "poison" }, stir);
    }
  })();
  const beside = await measure();
  stop.abort();
  await stirred;

  expect(p99(beside), `alone ${inWords(alone)}; beside ${inWords(beside)}`).toBeLessThan(2 * p99(alone) + 250);
  // the pod is left out, also where it's selected, and of its mirror's others none is
  await scene.expectStatus("m0", { peerCount: 1 });
  await scene.expectCondition("poison", "Ready", { status: "False", reason: "InternalError" });
  await expect(client.get(configMaps, { namespace, name: "poison" })).rejects.toMatchObject({ code: "not-found" });
  await expect(client.get(configMaps, { namespace, name: "refused" })).rejects.toMatchObject({ code: "not-found" });
});
