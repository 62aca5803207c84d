import type { Dispatcher } from "undici";
import { ApiError, type ApiErrorContext } from "./api-error.ts";
import { type Body, readBytes } from "./body.ts";
import type { Clock } from "./clock.ts";
import { contentTypeOf, isProtobuf } from "./media-type.ts";
import { decodeStatus } from "./protobuf/status.ts";
import { isStatus, type Status } from "./status.ts";

/** An error's words are wanted whole, but a proxy's web page isn't. */
const errorBodyBytes = 256 * 1024;

interface Refused extends Pick<Dispatcher.ResponseData, "statusCode" | "statusText" | "headers"> {
  readonly body: Body;
}

/**
 * The error that an answer outside 2xx stands for: its Status or, from a proxy, the beginning of its text. Reads the body, within
 * a bound, so that the connection can be used again.
 */
export async function refusal(response: Refused, context: ApiErrorContext, clock: Clock): Promise<ApiError> {
  const { statusCode, statusText, headers, body } = response;
  let bytes: Buffer;
  try {
    bytes = await readBytes(body, errorBodyBytes);
  } catch (error) {
    return ApiError.from(error, context);
  }
  const parse = isProtobuf(contentTypeOf(response)) ? decodeStatus : parseStatus;
  const retryAfterSeconds = secondsOf(headers["retry-after"], clock.now());
  const { details, ...status } = attempt(() => parse(bytes)) ?? wordsOf(bytes, statusText);
  const delay = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return ApiError.from({ code: statusCode, ...status, details: { ...delay, ...details } }, context);
}

function parseStatus(bytes: Buffer): Status | undefined {
  const value: unknown = JSON.parse(bytes.toString("utf8"));
  return isStatus(value) ? value : undefined;
}

/** What can't be read is none: its words are told then. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function wordsOf(bytes: Buffer, statusText: string): Status {
  return { kind: "Status", message: bytes.toString("utf8").trim().slice(0, 300) || statusText };
}

/** Retry-After is either a number of seconds or a date. */
function secondsOf(header: string | string[] | undefined, nowMs: number): number | undefined {
  if (typeof header !== "string") return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - nowMs) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
