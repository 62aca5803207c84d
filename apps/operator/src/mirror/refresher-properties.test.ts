import { configMapState, patchEveryMs, revisions } from "@metadata-mirror/metadata-model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type RefreshRig, refreshRig } from "../testing/refresh-rig.ts";
import { digest } from "./digest.ts";

/** Something that happens, `ms` milliseconds after the last. */
const happening = fc.record({
  ms: fc.constantFrom(0, 0, 20, 300, 900, 1_500, 2_500),
  what: fc.constantFrom(
    "write",
    "write",
    "ahead",
    "watch",
    "watch",
    "watch",
    "lose",
    "fail",
    "refuse",
    "allow",
    "restart",
  ),
  data: fc.constantFrom("1", "2", "3"),
});

const request = "patch pods/status shop/web-0";
const failures = {
  fail: { code: 503, reason: "ServiceUnavailable", message: "busy" },
  refuse: { code: 403, reason: "Forbidden", message: "no rights" },
};

async function happen(rig: RefreshRig, what: string, data: string): Promise<void> {
  switch (what) {
    case "write":
      return void rig.putConfigMap({ a: data });
    case "ahead": {
      // a write of our own, whose answer comes before the watch tells
      const state = configMapState(rig.putConfigMap({ a: data }), digest);
      return rig.operator.stores.configMaps.wrote({ ...state, object: state });
    }
    case "watch":
      return rig.watch();
    case "lose":
      return rig.putPod();
    case "fail":
    case "refuse":
      return rig.refuse(request, failures[what]);
    case "allow":
      return rig.refuse(request, undefined);
    default:
      return rig.restart();
  }
}

/** What the pod's annotation is to be by what the watch has shown; undefined where that is nothing. */
function wanted({ operator }: RefreshRig): string | undefined {
  const { consumers, shownConfigMaps } = operator.stores;
  const mounts = consumers.get("shop", "web-0")?.mounts ?? [];
  return revisions(digest)(mounts, (name) => shownConfigMaps.get("shop", name));
}

test("whatever happens when, the pod is told of shown data only, at most once a second, and of the last in the end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
      const rig = refreshRig();
      rig.putMirror();
      rig.putPod();
      const step = async (act: () => Promise<void>) => {
        const before = rig.written.length;
        await act();
        for (const { annotation } of rig.written.slice(before))
          expect(annotation?.replace(/\.2$/, "")).toBe(wanted(rig));
      };
      for (const { ms, what, data } of happenings) {
        await step(() => rig.clock.advance(ms));
        await step(() => happen(rig, what, data));
      }

      rig.refuse(request, undefined);
      rig.putConfigMap({ a: "last" });
      for (let at = 0; at < 90; at++) {
        await step(() => rig.watch());
        await step(() => rig.clock.advance(500));
      }
      expect(rig.revision()).toBe(`${wanted(rig)}.2`);
      expect(rig.operator.refresh.waiting).toBe(0);
      const quiet = rig.requests.length;
      await rig.clock.advance(1_000_000);
      expect(rig.requests).toHaveLength(quiet);

      // who takes the annotation away before a restart takes the memory of it, too
      if (["lose", "restart"].every((one) => happenings.some(({ what }) => what === one))) return;
      for (const [index, { at }] of rig.written.slice(1).entries()) {
        const last = rig.written[index];
        // a change doesn't wait for the settled form of the one before it
        if (last?.annotation?.endsWith(".2") === false) expect(at - last.at).toBeGreaterThanOrEqual(patchEveryMs);
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);
