import { expect, test } from "vitest";
import { describePermission, missingPermissions, type Permission, type ReviewApi } from "./permissions.ts";

const pods: Permission = { group: "", resource: "pods", verbs: ["list", "watch"], reason: "the source" };
const status: Permission = { group: "example.dev", resource: "mirrors/status", verbs: ["patch"], reason: "the result" };

type Question = Readonly<
  Record<"group" | "resource" | "subresource" | "verb" | "namespace" | "name", string | undefined>
>;

/** An API server that allows what `allows` says; and what it was asked, and how much of it at once. */
function reviewer(allows: (question: Question) => unknown) {
  const asked: Question[] = [];
  const load = { now: 0, most: 0 };
  const api: ReviewApi = {
    async request({ body }) {
      load.most = Math.max(load.most, (load.now += 1));
      await Promise.resolve();
      load.now -= 1;
      const { spec } = body as { spec: { resourceAttributes: Question } };
      asked.push(spec.resourceAttributes);
      return { status: { allowed: allows(spec.resourceAttributes) } };
    },
  };
  return { api, asked, load };
}

test("each verb is asked for, of the subresource and in the namespace that are meant", async () => {
  const { api, asked } = reviewer(() => true);
  const wanted = [pods, { ...status, namespace: "shop", name: "web" }];
  expect(await missingPermissions(api, wanted)).toEqual([]);
  const everywhere = { group: "", resource: "pods", subresource: undefined, namespace: undefined, name: undefined };
  expect(asked).toEqual([
    { ...everywhere, verb: "list" },
    { ...everywhere, verb: "watch" },
    { group: "example.dev", resource: "mirrors", subresource: "status", verb: "patch", namespace: "shop", name: "web" },
  ]);
});

test("what is missing is told in the order of what is wanted, with the verbs that are missing", async () => {
  const { api } = reviewer(({ verb, resource }) => verb === "list" && resource === "pods");
  expect(await missingPermissions(api, [pods, status])).toEqual([{ ...pods, verbs: ["watch"] }, status]);
});

test("of a thousand questions two are asked at once", async () => {
  const { api, asked, load } = reviewer(() => false);
  const wanted = Array.from({ length: 500 }, (_, index) => ({ ...pods, namespace: `ns-${index}` }));
  expect(await missingPermissions(api, wanted)).toEqual(wanted);
  expect(asked).toHaveLength(1_000);
  expect(load.most).toBe(2);
});

test("what can't be asked is an error that says so, and the questions end", async () => {
  let count = 0;
  const api: ReviewApi = {
    async request() {
      count += 1;
      if (count === 1) throw new Error("no route to host");
      return { status: { allowed: true } };
    },
  };
  const wanted = Array.from({ length: 100 }, (_, index) => ({ ...status, namespace: `ns-${index}` }));
  await expect(missingPermissions(api, wanted)).rejects.toThrow(
    "cannot ask the API server whether we may patch mirrors.example.dev/status in namespace ns-0: no route to host",
  );
  // whoever still asked would do so before this
  await new Promise(setImmediate);
  expect(count).toBeLessThan(20);
});

test("an answer that is no review is an error, and no yes or no", async () => {
  for (const answer of [null, {}, { status: {} }, { status: { allowed: "yes" } }]) {
    const api: ReviewApi = { request: async () => answer };
    await expect(missingPermissions(api, [status])).rejects.toThrow("its answer is no SelfSubjectAccessReview");
  }
});

test.each([
  ["list, watch pods in the whole cluster", pods],
  ["list, watch pods in namespace shop", { ...pods, namespace: "shop" }],
  ["patch mirrors.example.dev/status named web in namespace shop", { ...status, namespace: "shop", name: "web" }],
])("a permission reads as %s", (line, permission) => {
  expect(describePermission(permission)).toBe(line);
});
