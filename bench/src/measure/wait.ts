import { lastLines } from "@metadata-mirror/control-plane";
import type { World } from "../world/world.ts";
import type { Session } from "./session.ts";

/** Waits until the last change of each pod is visible; false where that takes longer than `timeoutMs`. */
export async function untilVisible(world: World, session: Session, timeoutMs: number): Promise<boolean> {
  return until(world, session, timeoutMs, () => world.ledger.behind === 0);
}

/** Waits until nothing has been written for `quietMs`; false where that takes longer than `timeoutMs`. */
async function untilQuiet(world: World, session: Session, quietMs: number, timeoutMs: number): Promise<boolean> {
  return until(world, session, timeoutMs, () => performance.now() - session.observer.sighted().lastAt > quietMs);
}

/** Waits, for as long as the contestant lives. */
export async function pause({ clock, host }: World, session: Session, ms: number): Promise<void> {
  await session.guard(clock.sleep(ms, host.signal));
  host.signal.throwIfAborted();
}

async function until(world: World, session: Session, timeoutMs: number, done: () => boolean): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!done()) {
    if (performance.now() > deadline) return false;
    await pause(world, session, 5);
  }
  return true;
}

const quietMs = 1_000;

/** Waits until the contestant has everything in sync and has gone quiet. Throws where that takes longer than `timeoutMs`. */
export async function untilInSync(world: World, session: Session, timeoutMs: number): Promise<void> {
  const { ledger } = world;
  if (!(await untilVisible(world, session, timeoutMs))) {
    const shown = `after ${timeoutMs / 1000} s it showed ${ledger.size - ledger.behind} of ${ledger.size} pods`;
    const logs = await Promise.all(session.replicas.map(({ logPath }) => lastLines(logPath)));
    throw new Error(`${shown}; the last that it wrote:\n${logs.join("\n")}`);
  }
  if (!(await untilQuiet(world, session, quietMs, timeoutMs))) {
    throw new Error(`it wrote on for ${timeoutMs / 1000} s, though nothing changed`);
  }
}
