import type { Field, RawRow, Step } from "./step.ts";
import { syncMessage } from "./wire.ts";

export type GroupEnd =
  | { readonly kind: "done" }
  /** A listener had enough; the rest of the answer is still on its way. */
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly error: unknown; readonly step: Step | undefined };

interface Stream {
  write(bytes: Buffer): boolean;
}

/** The face pg's client shows to something that speaks the protocol itself. */
export interface Submittable {
  submit(connection: { readonly stream: Stream }): void;
  handleRowDescription(message: { readonly fields: readonly Field[] }): void;
  handleDataRow(message: { readonly fields: RawRow; readonly length: number }): void;
  handlePortalSuspended(): void;
  handleCommandComplete(): void;
  handleEmptyQuery(): void;
  handleCopyInResponse(): void;
  handleCopyData(): void;
  handleError(error: unknown): void;
  handleReadyForQuery(): void;
}

export interface Group extends Submittable {
  /** The first end that is known; never rejects. */
  readonly ended: Promise<GroupEnd>;
  /** The server is ready again, or the connection is gone. */
  readonly quiet: Promise<void>;
  isQuiet(): boolean;
  stop(): void;
}

/** Bytes sent behind the group in the same write; `follow` must put a listener for their answer in place. */
export interface Trailer {
  readonly bytes: Buffer;
  follow(): void;
}

const sync = syncMessage();

/**
 * Sends all steps and one Sync in a single write. A statement that fails makes the server skip the ones behind it,
 * so nothing of a caller runs when a statement of ours before it did not.
 */
export function createGroup(steps: readonly Step[], trailer?: Trailer): Group {
  const ended = deferred<GroupEnd>();
  const quiet = deferred<void>();
  const executes = steps.flatMap((step) => Array.from({ length: step.executes }, () => step));
  let answered = 0;
  let over = false;
  let silent = false;
  let failed = false;

  const end = (how: GroupEnd) => {
    over = true;
    ended.resolve(how);
  };
  const hush = () => {
    silent = true;
    quiet.resolve();
  };
  // A listener runs inside the driver's socket handler, where an exception would end the process.
  const tell = (listener: (step: Step) => void) => {
    const step = executes[answered];
    if (over || step === undefined) return;
    try {
      listener(step);
    } catch (error) {
      end({ kind: "failed", error, step });
    }
  };
  const complete = (suspended: boolean) => {
    tell((step) => step.done?.(suspended));
    answered += 1;
  };
  const refuse = () =>
    end({ kind: "failed", error: new Error("the server asked for a COPY stream"), step: executes[answered] });

  return {
    ended: ended.promise,
    quiet: quiet.promise,
    isQuiet: () => silent,
    stop: () => end({ kind: "stopped" }),
    submit(connection) {
      const bytes = [...steps.map((step) => step.bytes), sync];
      if (trailer !== undefined) bytes.push(trailer.bytes);
      connection.stream.write(Buffer.concat(bytes));
    },
    handleRowDescription: (message) => tell((step) => step.columns?.(message.fields)),
    handleDataRow: (message) =>
      tell((step) => {
        if (step.row?.(message.fields, message.length) === "stop") end({ kind: "stopped" });
      }),
    handlePortalSuspended: () => complete(true),
    handleCommandComplete: () => complete(false),
    handleEmptyQuery: () => complete(false),
    handleCopyInResponse: refuse,
    handleCopyData: refuse,
    handleError(error) {
      failed = true;
      end({ kind: "failed", error, step: executes[answered] ?? steps.at(-1) });
      hush();
    },
    handleReadyForQuery() {
      // At once: the answers of what was sent behind the group may be in the same packet.
      if (!failed) trailer?.follow();
      end({ kind: "done" });
      hush();
    },
  };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
