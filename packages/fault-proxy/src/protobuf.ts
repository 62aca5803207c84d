// As much of protobuf as it takes to know an event, and to make one.

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Buffer.from([...bytes, left]);
}

/** A field with a whole number that isn't negative. */
export function int(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

/** A field with a text, with bytes, or with the message that consists of these fields. */
export function part(field: number, ...values: readonly (string | Buffer)[]): Buffer {
  const bytes = Buffer.concat(values.map((value) => Buffer.from(value)));
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

/** The bytes of the first field with this number, empty where there is none. Throws a RangeError for what is no message. */
export function bytesOf(message: Buffer, field: number): Buffer {
  let at = 0;
  function next(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = message.readUInt8(at++);
      value += (byte % 128) * weight;
      if (byte < 128) return value;
    }
  }
  while (at < message.length) {
    const tag = next();
    const type = tag % 8;
    if (type === 0) next();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else {
      const end = next() + at;
      if (Math.floor(tag / 8) === field) return message.subarray(at, end);
      at = end;
    }
  }
  return Buffer.alloc(0);
}
