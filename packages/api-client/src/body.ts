import { ApiError, type ApiErrorContext } from "./api-error.ts";

/** The bytes of an answer as they come. Leaving them before their end cuts the connection. */
export type Body = AsyncIterable<Buffer>;

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
