import type { ChainPosition, Linked } from "./chain.ts";
import { linkHead, linkRecord, newChain } from "./chain.ts";
import type { AuditSink } from "./sink.ts";

interface LineStream {
  write(text: string, done: (error?: Error | null) => void): unknown;
}

export interface StderrSinkOptions {
  readonly to?: LineStream;
  /** Signs heads. */
  readonly key?: Uint8Array;
  /** Events between two heads. */
  readonly headEvery?: number;
  readonly now?: () => number;
}

/** The chained trail as lines on stderr, for a collector that keeps them. */
export function createStderrSink(options: StderrSinkOptions = {}): AuditSink {
  const to: LineStream = options.to ?? process.stderr;
  const headEvery = options.headEvery ?? 1_000;
  const ts = () => new Date((options.now ?? Date.now)()).toISOString();
  let position = newChain();
  let sinceHead = 0;
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  // A line that was not taken leaves the chain where it was.
  async function put(make: (at: ChainPosition) => Linked): Promise<void> {
    const linked = make(position);
    await new Promise<void>((resolve, reject) => {
      to.write(linked.line, (error) => (error ? reject(error) : resolve()));
    });
    position = linked.next;
  }

  const start = () =>
    position.seq === 0
      ? put((at) => linkRecord(at, "start", { ts: ts(), pid: process.pid }))
      : Promise.resolve();

  return {
    write: (event) =>
      inTurn(async () => {
        await start();
        await put((at) => linkRecord(at, "event", event));
        sinceHead += 1;
        if (sinceHead < headEvery) return;
        sinceHead = 0;
        // The event is kept already; a head that fails is made up for by the next.
        await put((at) => linkHead(at, false, ts(), options.key)).catch(() => undefined);
      }),
    close: () =>
      inTurn(async () => {
        await start();
        await put((at) => linkHead(at, true, ts(), options.key));
      }),
  };
}
