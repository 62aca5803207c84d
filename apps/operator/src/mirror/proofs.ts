import type { Reconciler } from "../runtime/controller.ts";

export interface ProofsOptions {
  /** When all that the mirror is made from was last told, in milliseconds since the epoch. */
  readonly toldUntil: (key: string) => number | undefined;
  /** Whether there is such a mirror, and it's ours to keep: of others nothing is remembered after a pass. */
  readonly isKept: (key: string) => boolean;
}

/** Until when mirrors were known to equal the truth. */
export interface Proofs {
  /** Something may be different from what the ConfigMaps show. */
  woken(key: string): void;
  /** A pass found, or made, the ConfigMaps as they should be. */
  settled(key: string): void;
  /** Until when the mirror was known to equal the truth, in milliseconds since the epoch; undefined where that isn't known of any moment. */
  until(key: string): number | undefined;
  /** The same reconciler, whose passes are told of here. */
  ofPasses(reconcile: Reconciler): Reconciler;
}

interface Proof {
  /** The last moment that is proven, for as long as something is pending. */
  until: number | undefined;
  /** Since it was woken, until a pass has settled it. */
  isPending: boolean;
  /** Since the last pass began. */
  wasWoken: boolean;
  wasSettled: boolean;
}

/**
 * Nothing is known of any mirror yet. While nothing of a mirror is pending, it equals the truth for as long as its watches follow; from when it
 * is woken until a pass has settled it, what was known last stays. A pass settles what was told before it began.
 */
export function createProofs({ toldUntil, isKept }: ProofsOptions): Proofs {
  const proofs = new Map<string, Proof>();

  function proofOf(key: string): Proof {
    const proof = proofs.get(key) ?? { until: undefined, isPending: true, wasWoken: false, wasSettled: false };
    proofs.set(key, proof);
    return proof;
  }

  function suspend(key: string, proof: Proof): void {
    if (!proof.isPending) proof.until = toldUntil(key);
    proof.isPending = true;
  }

  return {
    woken(key) {
      const proof = proofOf(key);
      suspend(key, proof);
      proof.wasWoken = true;
    },
    settled(key) {
      proofOf(key).wasSettled = true;
    },
    until(key) {
      const proof = proofs.get(key);
      return proof === undefined || proof.isPending ? proof?.until : toldUntil(key);
    },
    ofPasses: (reconcile) => async (key) => {
      const told = toldUntil(key);
      const proof = proofOf(key);
      proof.wasWoken = false;
      proof.wasSettled = false;
      try {
        return await reconcile(key);
      } finally {
        if (!isKept(key)) proofs.delete(key);
        else if (!proof.wasSettled) suspend(key, proof);
        else {
          proof.until = told;
          proof.isPending = proof.wasWoken;
        }
      }
    },
  };
}
