/**
 * The line of a pod, from where its event lies in protobuf: no object is made for a message, and what isn't needed is passed over. Field numbers
 * are those of k8s.io/api/core/v1/generated.proto and of metav1.WatchEvent. It trusts the server: nothing is checked.
 */

let bytes = Buffer.alloc(0);
/** Where it reads. */
let at = 0;

function varint() {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

/** Where what begins here, with its length before it, ends. */
function end() {
  const length = varint();
  return at + length;
}

function pass(type) {
  if (type === 2) at = end();
  else if (type === 0) varint();
  else at += type === 1 ? 8 : 4;
}

/** Has `take` read each field up to `last`: it answers false for one that it leaves. */
function fields(last, take) {
  while (at < last) {
    const tag = varint();
    if (!take(tag)) pass(tag & 7);
  }
  return true;
}

/** The tag of a field that has a length. */
const tagOf = (number) => number * 8 + 2;

function text() {
  const last = end();
  const value = bytes.latin1Slice(at, last);
  at = last;
  return value;
}

let key = "";
let value = "";

/** An entry of a map, into `key` and `value`. */
function entry() {
  fields(end(), (tag) => {
    if (tag === tagOf(1)) key = text();
    else if (tag === tagOf(2)) value = text();
    else return false;
    return true;
  });
}

let namespace = "";
let line = {};
let isEnd = false;

function metadataField(tag) {
  if (tag === tagOf(1)) line.name = text();
  else if (tag === tagOf(3)) namespace = text();
  else if (tag === tagOf(5)) line.uid = text();
  else if (tag === tagOf(11)) {
    entry();
    line.labels[key] = value;
  } else if (tag === tagOf(12)) {
    entry();
    if (key === "bench/seq") line.seq = value;
    else if (key === "bench/note") line.note = value;
    else if (key === "k8s.io/initial-events-end") isEnd = true;
  } else return false;
  return true;
}

function specField(tag) {
  if (tag !== tagOf(10)) return false;
  line.nodeName = text();
  return true;
}

function statusField(tag) {
  if (tag === tagOf(5)) line.hostIP = text();
  else if (tag === tagOf(6)) line.podIP = text();
  else return false;
  return true;
}

const parts = new Map([
  [tagOf(1), metadataField],
  [tagOf(2), specField],
  [tagOf(3), statusField],
]);

const podField = (tag) => parts.has(tag) && fields(end(), parts.get(tag));

/** Of runtime.Unknown. */
const rawField = (tag) => tag === tagOf(2) && fields(end(), podField);

/** Of runtime.RawExtension. */
function objectField(tag) {
  if (tag !== tagOf(1)) return false;
  const last = end();
  at += "k8s\0".length;
  return fields(last, rawField);
}

const eventField = (tag) => tag === tagOf(2) && fields(end(), objectField);

/** Of the event from `start` to `last` the line of its pod and the pod's namespace; undefined for the bookmark that says that those were all. */
export function lineOf(chunk, start, last) {
  bytes = chunk;
  at = start;
  isEnd = false;
  line = { _id: "", name: "", uid: "", podIP: "", hostIP: "", nodeName: "", labels: {}, seq: "", note: "" };
  fields(last, eventField);
  line._id = line.uid.slice(0, 10);
  return isEnd ? undefined : { namespace, line: JSON.stringify(line) };
}
