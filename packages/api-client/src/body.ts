import { ApiError, type ApiErrorContext } from "./api-error.ts";
import { nextTurn } from "./clock.ts";

/** The bytes of an answer as they come. Leaving them before their end cuts the connection. */
export type Body = AsyncIterable<Buffer>;

/**
 * The same bytes, those that came in the same turn of the event loop together. kube-apiserver flushes each event of a stream by itself, in
 * pieces of some 2 KB: the first state of 10,000 pods comes in 30,000 of them, each of which would go through all readers by itself.
 * What comes first after a quiet time waits for nothing. Of a Readable alone, whose iterator gives all that it holds.
 */
export async function* inTurns(body: Body): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of body) {
    yield chunk;
    await nextTurn();
  }
}

/** At most so many bytes of a body, from its beginning; all by default. */
export async function readBytes(body: Body, most = Infinity): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= most) break;
  }
  const [first] = chunks;
  const bytes = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
  return size > most ? bytes.subarray(0, most) : bytes;
}

/** The text of an answer. Throws an ApiError when it is cut off. */
export async function readText(body: Body, context: ApiErrorContext): Promise<string> {
  try {
    return (await readBytes(body)).toString("utf8");
  } catch (cause) {
    throw ApiError.from(cause, context);
  }
}

/** The parsed body of an answer. Throws an ApiError when it is cut off, or is no JSON. */
export async function readJson(body: Body, context: ApiErrorContext): Promise<unknown> {
  const text = await readText(body, context);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError("unknown", `${context.action}: the answer is no JSON: is this an API server?`, { cause });
  }
}
