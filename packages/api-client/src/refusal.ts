import type { Dispatcher } from "undici";
import { ApiError, type ApiErrorContext } from "./api-error.ts";
import type { Clock } from "./clock.ts";
import { isStatus, type Status } from "./status.ts";

/** An error's words are wanted whole, but a proxy's web page isn't. */
const errorBodyBytes = 256 * 1024;

/**
 * The error that an answer outside 2xx stands for: its Status or, from a proxy, the beginning of its text. Reads the body, within
 * a bound, so that the connection can be used again.
 */
export async function refusal(
  { statusCode, statusText, headers, body }: Dispatcher.ResponseData,
  context: ApiErrorContext,
  clock: Clock,
): Promise<ApiError> {
  let text: string;
  try {
    text = await readAtMost(body, errorBodyBytes);
  } catch (error) {
    return ApiError.from(error, context);
  }
  const retryAfterSeconds = secondsOf(headers["retry-after"], clock.now());
  const fallback: Status = { kind: "Status", message: text.trim().slice(0, 300) || statusText };
  const { details, ...status } = parseStatus(text) ?? fallback;
  const delay = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return ApiError.from({ code: statusCode, ...status, details: { ...delay, ...details } }, context);
}

function parseStatus(text: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isStatus(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Retry-After is either a number of seconds or a date. */
function secondsOf(header: string | string[] | undefined, nowMs: number): number | undefined {
  if (typeof header !== "string") return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - nowMs) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

async function readAtMost(body: AsyncIterable<Buffer>, bytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes).toString("utf8");
}
