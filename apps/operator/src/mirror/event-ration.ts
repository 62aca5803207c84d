import type { Clock } from "@metadata-mirror/api-client";
import { createTokenBucket } from "../runtime/token-bucket.ts";
import type { RecordEvent } from "./events.ts";

/**
 * How many Events there may be at once after a quiet time, and how many a second in the long run. Events cost etcd, which keeps each for an hour by
 * default: an operator has 3,700 of them there at most, however many mirrors fail at once.
 */
const burst = 100;
const perSecond = 1;

/** `record` as often as an operator may use it; what is beyond that is dropped, and told to `onDropped`. */
export function rationEvents(record: RecordEvent, clock: Pick<Clock, "monotonic">, onDropped: () => void): RecordEvent {
  const bucket = createTokenBucket({ perSecond, size: burst, now: () => clock.monotonic() });
  return (happening) => {
    if (bucket.wait(0) > 0) {
      onDropped();
      return Promise.resolve(false);
    }
    bucket.spend(1);
    return record(happening);
  };
}
