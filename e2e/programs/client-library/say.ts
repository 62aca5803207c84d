/** Tells of one step. */
export type Say = (step: Readonly<Record<string, unknown>>) => void;
