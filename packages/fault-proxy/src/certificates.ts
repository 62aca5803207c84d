import { createSecureContext, type SecureContext } from "node:tls";
import { type Authority, createAuthority } from "@metadata-mirror/control-plane";
import type { BadCertificate } from "./fault.ts";
import { suffix } from "./names.ts";

/** What a server shows, each made when it is first asked for. */
export interface Certificates {
  /** Who is to be trusted; a PEM text. */
  readonly ca: string;
  /** The good one by default. */
  show(bad?: BadCertificate): Promise<SecureContext>;
}

const known = new WeakMap<Authority, Certificates>();

/**
 * The certificates by `authority` for 127.0.0.1, localhost and the names that end in `suffix`: the same for each proxy that shares it, since
 * to make one takes a tenth of a second.
 */
export function certificatesOf(authority: Authority): Certificates {
  const found = known.get(authority) ?? createCertificates(authority);
  known.set(authority, found);
  return found;
}

function createCertificates(authority: Authority): Certificates {
  const issued = new Map<BadCertificate | undefined, Promise<SecureContext>>();

  async function issue(bad: BadCertificate | undefined): Promise<SecureContext> {
    const issuer = bad === "other authority" ? await createAuthority("nobody's") : authority;
    const names = bad === "other host" ? ["elsewhere.invalid"] : undefined;
    return createSecureContext(
      await issuer.issue({
        names: names ?? ["127.0.0.1", "localhost", `*${suffix}`],
        ...(bad === "expired" && { validity: { from: new Date(0), to: new Date(1_000) } }),
      }),
    );
  }

  return {
    ca: authority.ca,
    show(bad) {
      const made = issued.get(bad) ?? issue(bad);
      issued.set(bad, made);
      return made;
    },
  };
}
