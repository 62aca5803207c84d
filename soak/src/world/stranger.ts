/** A ConfigMap of somebody else, in the way of a mirror's: nobody but them may touch it. */
export interface Stranger {
  readonly namespace: string;
  readonly name: string;
  /** What makes it somebody else's: nothing of ours in it, the label of another mirror, or another controller. */
  readonly guise: "plain" | "other mirror's label" | "other controller";
}
