function varint(value) {
  const bytes = [];
  let left = value;
  for (; left > 127; left >>>= 7) bytes.push((left & 127) | 128);
  return Buffer.from([...bytes, left]);
}

/** A field with a length. */
function part(number, ...content) {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return [Buffer.from([number * 8 + 2]), varint(length), ...content];
}

const text = (number, value) => part(number, Buffer.from(value));

/** A ConfigMap with one file, as a request has it in protobuf. */
export function configMap(name, file) {
  const object = [...part(1, ...text(1, name)), ...part(2, ...text(1, "peers.json"), ...text(2, file))];
  const typeMeta = part(1, ...text(1, "v1"), ...text(2, "ConfigMap"));
  return Buffer.concat([Buffer.from("k8s\0"), ...typeMeta, ...part(2, ...object)]);
}
