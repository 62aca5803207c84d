import * as z from "zod";
import { utf8Length, utf8Start } from "./utf8.ts";

/** The conditions of a mirror, of one polarity: `True` is well, except for `Stalled`, which is there only when it is True. */
const conditionTypes = ["Ready", "Authorized", "Complete", "Fresh", "Refreshed", "Stalled"] as const;
type ConditionType = (typeof conditionTypes)[number];

/** A condition of `meta/v1`. */
export const Condition = z.object({
  type: z.string().max(316),
  status: z.enum(["True", "False", "Unknown"]),
  observedGeneration: z.int().min(0).optional().meta({ format: "int64" }),
  lastTransitionTime: z.string().meta({ format: "date-time" }),
  reason: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/),
  message: z.string().max(32768),
});
export type Condition = z.infer<typeof Condition>;

/** What a pass over a mirror found of one condition: a condition without its times. */
export interface Finding {
  readonly type: ConditionType;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

const maxMessage = 1024;

/**
 * At most 1,024 bytes of `message` in UTF-8, and well-formed: an Event's note holds no more (`NoteLengthLimit` of
 * `pkg/apis/core/validation/events.go`), and a condition needs none.
 */
export function shortMessage(message: string): string {
  const whole = message.toWellFormed();
  return utf8Length(whole) <= maxMessage ? whole : `${utf8Start(whole, maxMessage - utf8Length("…"))}…`;
}

/** What was found last, as it stands in a status. */
export function standingFindings(conditions: readonly Condition[]): readonly Finding[] {
  return conditionTypes.flatMap((type) => {
    const found = conditions.find((condition) => condition.type === type);
    return found === undefined ? [] : [{ type, status: found.status, reason: found.reason, message: found.message }];
  });
}

/**
 * The conditions after a pass: exactly those of `findings`, in the order in which they are listed above. `lastTransitionTime` is `now`
 * (RFC 3339) where the status differs from before, and kept where it does not, as `meta.SetStatusCondition` does.
 */
export function mergeConditions(
  before: readonly Condition[],
  findings: readonly Finding[],
  observedGeneration: number,
  now: string,
): Condition[] {
  return conditionTypes.flatMap((type) => {
    const found = findings.find((finding) => finding.type === type);
    if (found === undefined) return [];
    const old = before.find((condition) => condition.type === type);
    const lastTransitionTime = old?.status === found.status ? old.lastTransitionTime : now;
    return [{ ...found, message: shortMessage(found.message), observedGeneration, lastTransitionTime }];
  });
}
