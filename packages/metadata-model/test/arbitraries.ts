import fc from "fast-check";
import { cpuDivisors, wholeDivisors } from "../src/resource-field.ts";

/** One of the code points of `characters`. */
const oneOf = (characters: string) => fc.constantFrom(...Array.from(characters));

/** Any text that a JavaScript string can be, mostly awkward: control characters, astral ones, lone surrogates. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) }),
  fc.string({
    unit: oneOf('ab"\\\0\x07\b\t\n\v\f\r\x1b\x7f\x80\xa0\xadé\u200b\u2028\ud7ff\ue000\ufeff\uffff👍\u{e0001}'),
  }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

/** Text as JSON can carry it to Go unchanged. */
const wellFormed: fc.Arbitrary<string> = text.map((one) => one.toWellFormed());

const digits = fc.oneof(
  fc.nat({ max: 5000 }).map(String),
  fc.bigInt({ min: 0n, max: 2n ** 64n }).map(String),
  fc.string({ unit: oneOf("0123456789"), minLength: 1, maxLength: 30 }),
  fc.constantFrom("0", "00", "1", "1000", "9223372036854775807", "9223372036854775808"),
);

const exponent = fc
  .tuple(
    fc.constantFrom("e", "E"),
    fc.constantFrom("", "+", "-"),
    fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 25 }) }, fc.nat({ max: 1000 })),
  )
  .map((parts) => parts.join(""));

const suffix = fc.oneof(
  fc.constantFrom("", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"),
  exponent,
);

const number = fc
  .tuple(
    digits,
    fc.oneof(
      { weight: 2, arbitrary: fc.constant("") },
      fc.constant("."),
      digits.map((places) => `.${places}`),
    ),
  )
  .map((parts) => parts.join(""));

/** A quantity that an API server lets pass in a pod: not negative. */
const podQuantity: fc.Arbitrary<string> = fc.tuple(number, suffix).map((parts) => parts.join(""));

/** Quantities of every form, and texts that are nearly one. */
export const quantity: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: podQuantity },
  fc.tuple(fc.constantFrom("+", "-"), podQuantity).map((parts) => parts.join("")),
  fc.tuple(fc.constantFrom("", "+", "-", ".", "-."), suffix).map((parts) => parts.join("")),
  fc.tuple(fc.constantFrom("", "-"), digits, suffix, suffix).map((parts) => parts.join("")),
  fc.string({ unit: oneOf("0123456789.+-eEinumkKMGTPx "), maxLength: 12 }),
);

const someKeys = [
  "app",
  "App",
  "a-b_c.d",
  "example.com/app",
  "example.com/App",
  "Example.COM/app",
  "constructor",
  "__proto__",
  "metadatamirror.dev/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
  "\u212a",
  "\u0130",
];

/** A key of labels or annotations, or what no API server would let be one. */
export const key: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...someKeys), wellFormed);

/** A map with odd keys and values. */
export const map: fc.Arbitrary<Record<string, string>> = fc.dictionary(key, wellFormed, { maxKeys: 8 });

/** A pod with metadata only. */
export const podWithMetadata = fc.record({
  metadata: fc.record({
    namespace: fc.constantFrom("shop"),
    name: fc.string({ unit: oneOf("abc-.0"), minLength: 1 }),
    uid: fc.uuid(),
    labels: map,
    annotations: map,
  }),
});

const names = ["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "hugepages-1Gi"];

const amount = fc.oneof(
  { weight: 6, arbitrary: podQuantity },
  fc.constantFrom("0", "0m", "0Ki", "0.0", 0, 1, 0.5, 1e21, 1e-7),
);

/** Requests, limits or an allocatable: quantities of some resources, as text and as numbers. */
const amounts = fc.record(Object.fromEntries(names.map((name) => [name, amount])), { requiredKeys: [] });

const resources = fc.record({ requests: amounts, limits: amounts }, { requiredKeys: [] });

/** A pod with containers `main` and `side` and the init container `setup`. */
const podWithResources = fc.tuple(resources, resources, resources).map(([main, side, setup]) => ({
  metadata: { namespace: "shop", name: "web-1", uid: "0d7c" },
  spec: {
    nodeName: "node-1",
    containers: [
      { name: "main", resources: main },
      { name: "side", resources: side },
    ],
    initContainers: [{ name: "setup", resources: setup }],
  },
}));

const anyDivisor = ["0", 0, 1, undefined];

const resourceAndDivisor = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(fc.constantFrom("requests", "limits"), fc.constantFrom(...names)).chain(([kind, name]) =>
      fc.record({
        resource: fc.constant(`${kind}.${name}`),
        divisor: fc.constantFrom(...anyDivisor, ...(name === "cpu" ? cpuDivisors : wholeDivisors)),
      }),
    ),
  },
  fc.record({
    resource: fc.constantFrom(
      "cpu",
      "requests",
      "limits.",
      "requests.gpu",
      "limits.nvidia.com/gpu",
      "Limits.cpu",
      "limits.cpu ",
      "limits.hugepages",
    ),
    divisor: fc.constantFrom(...anyDivisor),
  }),
);

/**
 * A pod, the allocatable of its node, and a resource field to read; each divisor is one that Kubernetes accepts
 * there.
 */
export const resourceCase = fc.record({
  pod: podWithResources,
  allocatable: fc.option(amounts, { nil: undefined }),
  containerName: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("main", "side", "setup") },
    fc.constantFrom("ghost", ""),
  ),
  field: resourceAndDivisor,
});
