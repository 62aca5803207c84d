import dns from "node:dns";

/** What the names end in that are resolved here and nowhere else. */
export const suffix = ".fault-proxy.test";

/** Names that node:dns knows in this process, since its `lookup` is replaced while there are any. */
const known = new Map<string, () => boolean>();
const { lookup } = dns;

/**
 * Has `dns.lookup` of this process answer with 127.0.0.1 for the name, or with ENOTFOUND where `resolves` answers false. Disposing takes
 * the name away. `node:net` looks names up by it, unless it is told to use another.
 */
export function resolveName(name: string, resolves: () => boolean): Disposable {
  known.set(name, resolves);
  dns.lookup = lookupHere;
  return {
    [Symbol.dispose]() {
      known.delete(name);
      if (known.size === 0) dns.lookup = lookup;
    },
  };
}

type Answer = (error: Error | null, address?: string | readonly object[], family?: number) => void;

/** `dns.lookup(hostname, [options], callback)` */
const lookupHere = ((hostname: string, ...rest: readonly unknown[]) => {
  const resolves = known.get(hostname);
  if (resolves === undefined) return Reflect.apply(lookup, dns, [hostname, ...rest]);
  const answer = rest.at(-1) as Answer;
  const { all = false } = (rest.length > 1 ? rest[0] : {}) as { readonly all?: boolean };
  const isThere = resolves();
  queueMicrotask(() => {
    if (!isThere) {
      const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
      answer(Object.assign(error, { code: "ENOTFOUND", syscall: "getaddrinfo", hostname }));
    } else if (all) answer(null, [{ address: "127.0.0.1", family: 4 }]);
    else answer(null, "127.0.0.1", 4);
  });
  return {};
}) as typeof lookup;
