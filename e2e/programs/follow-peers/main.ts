/**
 * Tells who the peers are, by the files of a MetadataMirror: a line at once, and one whenever they change, until it is stopped.
 *
 *   main.ts [DIRECTORY]
 */
import process from "node:process";
import { watchPeers } from "@metadata-mirror/peers";

/** The items of the mirror. */
interface Web {
  readonly podName: string;
  readonly podIP: string;
}

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
const complain = ({ message }: Error) => void process.stderr.write(`follow-peers: ${message}\n`);

async function main([directory = "/etc/peers"]: readonly string[]): Promise<void> {
  for await (const peers of watchPeers<Web>(directory, { signal: stop.signal, onError: complain })) {
    const addresses = peers.map(({ podName, podIP }) => `${podName}=${podIP}`).toSorted();
    process.stdout.write(`${["peers:", ...addresses].join(" ")}\n`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  complain(error instanceof Error ? error : new Error(String(error)));
  process.exitCode = 1;
});
