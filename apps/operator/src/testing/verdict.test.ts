import { expect, test } from "vitest";
import { type Audited, auditedRequests } from "./audit-log.ts";
import { judge, type Verdict } from "./verdict.ts";

const lease = "metadata-mirror-0-of-1";

interface Fields {
  readonly by: string;
  /** The resourceVersion by which it is stored, and in how many seconds the API server has it. */
  readonly revision: number;
  readonly at: number;
}

function request(fields: Fields, rest: Partial<Audited>): Audited {
  const { by, revision, at } = fields;
  const stored = { metadata: { resourceVersion: String(revision) } };
  const [namespace, name] = ["shop", "web-peers"];
  const plain = { by, verb: "update", resource: "configmaps", namespace, name, status: 200, receivedAt: at * 1_000 };
  return { ...plain, sent: undefined, stored, ...rest };
}

/** A write of the Lease; `holder` has it by that. */
function hold(fields: Fields, holder = fields.by): Audited {
  const stored = {
    metadata: { name: lease, resourceVersion: String(fields.revision) },
    spec: { holderIdentity: holder === "" ? "" : `${holder}-0123abcd` },
  };
  return request(fields, { verb: "patch", resource: "leases", namespace: "metadata-mirror", name: lease, stored });
}

/** A write of the ConfigMap, or of what `rest` says, made from the version `base`. */
function write(fields: Fields, base: number | undefined, rest: Partial<Audited> = {}): Audited {
  const metadata = base === undefined ? {} : { resourceVersion: String(base) };
  return request(fields, { sent: { metadata }, ...rest });
}

function judged(log: readonly Audited[], resumed: number[] = []): Verdict {
  const resumedAt = () => resumed.map((at) => at * 1_000);
  return judge({ log, isReplica: (by) => by !== "admin", leaseOf: () => lease, resumedAt });
}

const first = [
  hold({ by: "a", revision: 10, at: 0 }),
  request({ by: "a", revision: 11, at: 1 }, { verb: "create" }),
  hold({ by: "a", revision: 12, at: 2 }),
  write({ by: "a", revision: 13, at: 3 }, 11),
];
/** `b` takes the Lease after `a`, who was stopped. */
const taken = [...first, hold({ by: "b", revision: 20, at: 17.1 })];
const status = { resource: "metadatamirrors/status", verb: "patch" };

test("writes within a term, and one after it that nobody came before, break no rule", () => {
  const { objections, writes, late, refused } = judged(
    [
      ...taken,
      write({ by: "a", revision: 21, at: 18 }, 13),
      write({ by: "a", revision: 22, at: 18 }, 12, { status: 409 }),
      write({ by: "b", revision: 23, at: 19 }, 21),
      // nothing was changed by it
      write({ by: "a", revision: 23, at: 19 }, 23),
      hold({ by: "b", revision: 24, at: 20 }, ""),
      hold({ by: "a", revision: 25, at: 20.5 }),
    ],
    [17.5],
  );
  expect({ objections, writes, late, refused }).toEqual({ objections: [], writes: 4, late: 1, refused: 1 });
});

test.each<[string, readonly Audited[], string]>([
  ["has no precondition", [...first, write({ by: "a", revision: 14, at: 4 }, undefined, status)], "no precondition"],
  ["is by who has never held the Lease", [...first, write({ by: "b", revision: 14, at: 4 }, 13)], "has not held"],
  [
    "is made from what came after its writer's term",
    [...taken, write({ by: "b", revision: 21, at: 18 }, 13), write({ by: "a", revision: 22, at: 18 }, 21)],
    "made from 21, after its writer's term ended at 20",
  ],
  [
    "is over what another has written",
    [...taken, write({ by: "b", revision: 21, at: 18 }, 13), write({ by: "a", revision: 22, at: 18 }, 13)],
    "over what b wrote at 21",
  ],
  [
    "is of a status over what somebody has changed of the mirror",
    [
      ...first,
      write({ by: "admin", revision: 14, at: 4 }, undefined, { resource: "metadatamirrors", verb: "patch" }),
      write({ by: "a", revision: 15, at: 4 }, 9, status),
    ],
    "over what admin wrote at 14",
  ],
  ["creates what was there", [...taken, request({ by: "a", revision: 22, at: 18 }, { verb: "create" })], "over what a"],
  [
    "comes long after the last renewal",
    [...first, write({ by: "a", revision: 14, at: 14.5 }, 13)],
    "came 12500 ms after",
  ],
])("there is an objection where a write %s", (_, log, words) => {
  expect(judged(log, [17.5]).objections).toEqual([expect.stringContaining(words)]);
});

test("there is an objection where a Lease is taken from its holder too early", () => {
  const { objections } = judged([...first, hold({ by: "b", revision: 20, at: 16.9 })]);
  expect(objections).toEqual([`b took ${lease} from a 14900 ms after its last renewal`]);
});

test("a term ends with a release, or with whoever takes the Lease, and is one for as long as it is renewed", () => {
  const log = [...taken, hold({ by: "b", revision: 30, at: 19 }), hold({ by: "b", revision: 31, at: 20 }, "")];
  expect(judged([...log].toReversed()).terms).toEqual([
    { lease, holder: "a", from: 10, until: 20, renewedAt: [0, 2_000], releasedAt: undefined },
    { lease, holder: "b", from: 20, until: 31, renewedAt: [17_100, 19_000], releasedAt: 20_000 },
  ]);
});

test("a line of the log is read as the API server writes it, and one that isn't whole yet is not", () => {
  const line = JSON.stringify({
    kind: "Event",
    stage: "ResponseComplete",
    verb: "patch",
    user: { username: "system:serviceaccount:mm:mm", extra: { "authentication.kubernetes.io/pod-name": ["mm-0"] } },
    objectRef: { resource: "metadatamirrors", subresource: "status", namespace: "shop", name: "web-peers" },
    responseStatus: { code: 409 },
    requestReceivedTimestamp: "2026-11-30T01:48:40.123456Z",
  });
  expect(auditedRequests(`${line}\n${line.slice(0, 40)}`)).toEqual([
    {
      by: "mm-0",
      verb: "patch",
      resource: "metadatamirrors/status",
      namespace: "shop",
      name: "web-peers",
      status: 409,
      receivedAt: Date.UTC(2026, 10, 30, 1, 48, 40, 123),
      sent: undefined,
      stored: undefined,
    },
  ]);
});
