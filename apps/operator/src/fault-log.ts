import type { ApiError } from "@metadata-mirror/api-client";

/** A fault for the log: its message says all, but for one that nobody foresaw, which has its stack. */
export function told(fault: ApiError): { fault: string } | { err: ApiError } {
  return fault.code === "unknown" ? { err: fault } : { fault: fault.message };
}
