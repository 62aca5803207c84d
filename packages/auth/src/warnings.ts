import { isLoopback } from "./loopback.ts";

/** What is unsafe about connecting to this server, a sentence each: no TLS on the way to another machine, or TLS that isn't verified. */
export function warningsOf(server: string, insecureSkipTLSVerify = false): readonly string[] {
  if (server.startsWith("http:")) {
    if (isLoopback(server)) return [];
    return [
      `${server} is plain http to another machine: whoever is on the way can read and change all that is sent and answered, tokens and Secrets too. Use https.`,
    ];
  }
  if (!insecureSkipTLSVerify) return [];
  return [
    `TLS verification of ${server} is off (insecure-skip-tls-verify): whoever answers there is taken for the API server, gets our token, and can answer whatever they like. Give the authority (CA) of the server instead.`,
  ];
}
