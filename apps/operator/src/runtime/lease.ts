import type { Clock, KubernetesObject, Resource } from "@metadata-mirror/api-client";

/** Where the API server keeps Leases. */
export const leases: Resource = {
  group: "coordination.k8s.io",
  version: "v1",
  plural: "leases",
  kind: "Lease",
  namespaced: true,
};

// The times are those of kube-controller-manager, and client-go's recommendation: LeaseDuration, RenewDeadline and RetryPeriod of
// k8s.io/client-go/tools/leaderelection/leaderelection.go.

/** A Lease that nobody has renewed for so long is free, in milliseconds; whole seconds, since that's what a Lease can say. */
export const leaseDurationMs = 15_000;
/** Who could not renew a Lease for so long holds it no more, in milliseconds: well before others may take it. */
export const renewDeadlineMs = 10_000;
/** How often a Lease is renewed, in milliseconds. */
export const retryPeriodMs = 2_000;

/** Who has renewed none of his Leases for so long may have ended: they may be free soon. Two renewals were missed. In milliseconds. */
export const doubtAfterMs = 3 * retryPeriodMs;

/** What of a Lease counts. */
export interface LeaseRecord {
  readonly name: string;
  readonly resourceVersion: string;
  /** Who holds it; "" where it was released. */
  readonly holder: string;
  /** For how long it is held since it was last renewed, in milliseconds. */
  readonly durationMs: number;
  /** How often it has changed hands. */
  readonly transitions: number;
}

/** A Lease as it was last seen to change. */
export interface SeenLease extends LeaseRecord {
  /** When that was, in milliseconds on our own monotonic clock: the times that a Lease tells are of the clocks of others, and never compared. */
  readonly seenAt: number;
  /** It was deleted. That is no release: its holder may go on until it expires. */
  readonly gone: boolean;
}

/** Reads a Lease. What it doesn't say is as in a Lease that was released. */
export function leaseRecord({ metadata, spec }: KubernetesObject): LeaseRecord {
  const { name = "", resourceVersion = "" } = metadata;
  const { holderIdentity, leaseDurationSeconds, leaseTransitions } = (spec ?? {}) as LeaseSpec;
  return {
    name,
    resourceVersion,
    holder: holderIdentity ?? "",
    durationMs: (leaseDurationSeconds ?? leaseDurationMs / 1000) * 1000,
    transitions: leaseTransitions ?? 0,
  };
}

/** coordination.k8s.io/v1 LeaseSpec; times are metav1.MicroTime. */
interface LeaseSpec {
  readonly holderIdentity?: string | null;
  readonly leaseDurationSeconds?: number | null;
  readonly leaseTransitions?: number | null;
  readonly acquireTime?: string;
  readonly renewTime?: string;
}

/** When a Lease is free for whoever asks, on the clock of `seenAt`: once it was released, or not renewed in time. */
export function expiryOf({ holder, seenAt, durationMs }: SeenLease): number {
  return holder === "" ? seenAt : seenAt + durationMs;
}

/** The spec by which `identity` takes a Lease; `before` is what it was. It changes hands unless it is its holder's again. */
export function acquired(before: LeaseRecord | undefined, identity: string, now: number): LeaseSpec {
  const changes = before !== undefined && before.holder !== identity ? 1 : 0;
  return {
    ...renewed(identity, now),
    acquireTime: microTime(now),
    leaseTransitions: (before?.transitions ?? 0) + changes,
  };
}

/** The spec by which its holder renews a Lease. */
export function renewed(identity: string, now: number): LeaseSpec {
  return { holderIdentity: identity, leaseDurationSeconds: leaseDurationMs / 1000, renewTime: microTime(now) };
}

/** The spec by which its holder releases a Lease, as client-go has it. */
export function released(now: number): LeaseSpec {
  return { holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime(now), acquireTime: microTime(now) };
}

/** metav1.MicroTime takes exactly six digits. */
function microTime(now: number): string {
  return new Date(now).toISOString().replace("Z", "000Z");
}

/** A moment on both clocks: the monotonic one stands still while the machine sleeps, the other one may jump back. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export function momentOf(clock: Pick<Clock, "monotonic" | "now">): Moment {
  return { monotonic: clock.monotonic(), wall: clock.now() };
}

/**
 * Whether a Lease is held still by whoever sent the request that last took or renewed it at `sent`. The moment of its sending counts: all
 * others see the change later, and so take the Lease later than it is given up here.
 */
export function isHeld(sent: Moment, now: Moment): boolean {
  return Math.max(now.monotonic - sent.monotonic, now.wall - sent.wall) < renewDeadlineMs;
}
