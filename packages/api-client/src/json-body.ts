import { ApiError, type ApiErrorContext } from "./api-error.ts";
import type { ResponseBody } from "./transport.ts";

/** The parsed body of an answer. Throws an ApiError when it is cut off, or is no JSON. */
export async function readJson(body: ResponseBody, context: ApiErrorContext): Promise<unknown> {
  try {
    return await body.json();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw ApiError.from(cause, context);
    throw new ApiError("unknown", `${context.action}: the answer is no JSON: is this an API server?`, { cause });
  }
}
