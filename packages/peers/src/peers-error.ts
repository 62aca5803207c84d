/**
 * - `no-file`: there is no document. The ConfigMap is not there yet, or no longer, or its volume is not mounted there.
 * - `malformed`: a document is not a PeerList.
 * - `unsupported`: a document is a PeerList of another version than this library reads.
 */
export type PeersErrorCode = "no-file" | "malformed" | "unsupported";

/** Why the files can't be told as peers, in words that name the file. */
export class PeersError extends Error {
  readonly code: PeersErrorCode;

  constructor(code: PeersErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PeersError";
    this.code = code;
  }
}
