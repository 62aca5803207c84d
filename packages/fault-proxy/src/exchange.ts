import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "@metadata-mirror/api-client";
import type { ApiRequest } from "./api-request.ts";
import type { ActiveFault } from "./injection.ts";
import { chunksOf, eventsOf, isFramed, type Piece } from "./piece.ts";
import { errorEvent } from "./refusal.ts";
import { tamper, type Next } from "./tamper.ts";
import { openStream, treatmentOf } from "./treatment.ts";

/** A request and its answer, on the client's side. */
export interface Exchange {
  readonly request: ApiRequest;
  /** Whether it is a stream that is open now. */
  readonly isOpenStream: boolean;
  /** A fault begins while the stream is open. */
  meet(active: ActiveFault): void;
  /** Has the fault strike the request; answers whether nothing is to be forwarded any more. */
  refused(active: ActiveFault): Promise<boolean>;
  /** Sends the answer on as it comes, with what `active` makes of it; resolves when no more of it is sent. */
  forward(answer: IncomingMessage, active: ActiveFault | undefined): Promise<void>;
  /** Ends it otherwise. */
  finish(how: Exclude<Next, "go on">, active: ActiveFault | undefined): void;
}

export interface ExchangeOptions {
  readonly request: ApiRequest;
  readonly response: ServerResponse;
  /** Resets the client's connection. */
  readonly reset: () => void;
  readonly clock: Clock;
}

/** How long an event waits for one that overtakes it, in milliseconds. */
const heldMs = 200;

/** How long a client may take to read what comes before a reset, in milliseconds. */
const readMs = 20;

/** An exchange whose request has come. */
export function createExchange({ request, response, reset, clock }: ExchangeOptions): Exchange {
  const isStream = request.kind === "watch" || request.kind === "streamed list";
  let current: ActiveFault | undefined;
  let isFramedStream = false;
  let isFinished = false;
  const over = new AbortController();
  response.once("close", () => over.abort());
  response.on("error", () => over.abort());

  function finish(how: Exclude<Next, "go on">, active: ActiveFault | undefined): void {
    if (isFinished) return;
    isFinished = true;
    if (how === "end") response.end();
    else if (how === "reset") reset();
    else {
      if (response.closed) active?.giveUp();
      else response.once("close", () => active?.giveUp());
    }
    over.abort();
  }

  async function send(bytes: Buffer): Promise<void> {
    if (isFinished || over.signal.aborted || response.write(bytes)) return;
    await once(response, "drain", { signal: over.signal }).catch(() => undefined);
  }

  async function trickle(bytes: Buffer, bytesPerSecond: number, active: ActiveFault): Promise<void> {
    for (let sent = 0; sent < bytes.length; sent++) {
      if (over.signal.aborted) return isFinished ? undefined : active.giveUp();
      await send(bytes.subarray(sent, sent + 1));
      await clock.sleep(1000 / bytesPerSecond, over.signal);
    }
  }

  async function sendTampered(active: ActiveFault, piece: Piece, held: Piece | undefined): Promise<Piece | undefined> {
    const { fault } = active;
    const { send: parts, hold, next, strikes } = tamper(fault, piece, held);
    if (strikes) active.hit();
    if (fault.type === "delay") await clock.sleep(fault.ms, over.signal);
    for (const bytes of parts) {
      if (fault.type === "trickle") await trickle(bytes, fault.bytesPerSecond, active);
      else await send(bytes);
    }
    // a reset takes with it what the client has not read yet
    if (next === "reset") await clock.sleep(readMs, over.signal);
    if (next !== "go on") finish(next, active);
    return hold;
  }

  async function pump(pieces: AsyncIterator<Piece>): Promise<void> {
    let held: Piece | undefined;
    let next = pieces.next();
    for (;;) {
      if (held !== undefined) {
        const settled = await Promise.race([next, clock.sleep(heldMs, over.signal)]);
        if (settled === undefined || settled.done) {
          await send(held.bytes);
          held = undefined;
        }
      }
      const { done, value } = await next;
      if (done || isFinished || over.signal.aborted) return;
      if (current === undefined || current.isLifted) {
        if (held !== undefined) await send(held.bytes);
        await send(value.bytes);
        held = undefined;
      } else held = await sendTampered(current, value, held);
      if (isFinished) return;
      next = pieces.next();
    }
  }

  return {
    request,
    get isOpenStream() {
      return isStream && response.headersSent && !isFinished && !over.signal.aborted;
    },
    meet(active) {
      const { fault } = active;
      const what = openStream[fault.type];
      if (what === "silence" || what === "reset" || what === "tell") active.hit();
      if (what === "keep") current = active;
      else if (what === "tell" || what === "expire") {
        response.write(errorEvent(fault.type === "error event" ? fault.code : 410, isFramedStream));
        finish("end", active);
      } else finish(what, active);
    },
    async refused(active) {
      const treatment = treatmentOf(active.fault, request);
      if (treatment.type === "answer") {
        const { code, headers, status } = treatment.refusal;
        if (treatment.strikes) active.hit();
        isFinished = true;
        response.writeHead(code, headers).end(JSON.stringify(status));
      } else if (treatment.type === "silence") {
        active.hit();
        finish("silence", active);
      } else if (treatment.delayMs > 0) {
        active.hit();
        await clock.sleep(treatment.delayMs, over.signal);
      }
      return isFinished;
    },
    async forward(answer, active) {
      if (active?.fault.type === "reset before the answer") {
        active.hit();
        answer.destroy();
        return finish("reset", active);
      }
      current = active;
      isFramedStream = isFramed(answer.headers["content-type"] ?? "");
      over.signal.addEventListener("abort", () => answer.destroy(), { once: true });
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer, active !== undefined));
      response.flushHeaders();
      if (isStream && active?.fault.type === "error event") return this.meet(active);
      const isEvents = isStream && answer.statusCode === 200;
      const pieces = isEvents ? eventsOf(answer, isFramedStream) : chunksOf(answer);
      try {
        await pump(pieces);
        if (!over.signal.aborted) finish("end", active);
      } catch {
        // the server's connection was cut, and so is the client's
        if (!over.signal.aborted) finish("reset", active);
      }
    },
    finish,
  };
}

/** The headers that aren't of one connection; without a length where the body may not keep it. */
function endToEnd({ headers }: IncomingMessage, isTampered: boolean): Record<string, string | string[]> {
  const dropped = new Set(["connection", "keep-alive", "transfer-encoding", ...(isTampered ? ["content-length"] : [])]);
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] => entry[1] !== undefined && !dropped.has(entry[0]),
    ),
  );
}
