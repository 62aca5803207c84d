// What the tests send: the other side of the readers, for as much of protobuf as Kubernetes uses. Not part of the package.

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return Buffer.from([...bytes, Number(left)]);
}

/** A field with a number. */
export function int(field: number, value: number | bigint): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

/** A field with a text, with bytes, or with a message that consists of these fields. */
export function part(field: number, ...values: readonly (string | Buffer)[]): Buffer {
  const bytes = Buffer.concat(values.map((value) => Buffer.from(value)));
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

/** The entries of a map. */
export function map(field: number, entries: Readonly<Record<string, string | Buffer>>): Buffer {
  return Buffer.concat(Object.entries(entries).map(([key, value]) => part(field, part(1, key), part(2, value))));
}

/** An answer: the message in runtime.Unknown, as an API server sends it. */
export function envelope(kind: string, ...fields: readonly Buffer[]): Buffer {
  const typeMeta = part(1, part(1, "v1"), part(2, kind));
  return Buffer.concat([Buffer.from("k8s\0"), typeMeta, part(2, ...fields), part(3, ""), part(4, "")]);
}

/** A frame of a watch. */
export function frame(type: string, object: Buffer): Buffer {
  const event = Buffer.concat([part(1, type), part(2, part(1, object))]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(event.length);
  return Buffer.concat([head, event]);
}

/** A pod with what a test of watches looks at; what it must pass over is in it too. */
function pod(name: string, resourceVersion: string): readonly Buffer[] {
  const metadata = part(1, part(1, name), part(3, "shop"), part(5, `uid-${name}`), part(6, resourceVersion), int(7, 3));
  return [metadata, part(2, part(3, "Always"), int(4, 30))];
}

export function podEvent(type: string, name: string, resourceVersion: string): Buffer {
  return frame(type, envelope("Pod", ...pod(name, resourceVersion)));
}

/** A bookmark; with `isEnd` the one that says that the whole state has come. */
export function bookmark(resourceVersion: string, isEnd = false): Buffer {
  const annotations = isEnd ? [map(12, { "k8s.io/initial-events-end": "true" })] : [];
  return frame("BOOKMARK", envelope("Pod", part(1, part(1, ""), part(6, resourceVersion), ...annotations)));
}

export function status(code: number, reason: string, message: string, ...details: readonly Buffer[]): Buffer {
  const fields = [part(2, "Failure"), part(3, message), part(4, reason), part(5, ...details), int(6, code)];
  return envelope("Status", part(1, part(1, "")), ...fields);
}

/** A PodList of these. */
export function podList(names: readonly string[], resourceVersion: string, next = ""): Buffer {
  const metadata = part(1, part(1, ""), part(2, resourceVersion), part(3, next));
  return envelope("PodList", metadata, ...names.map((name) => part(2, ...pod(name, resourceVersion))));
}
