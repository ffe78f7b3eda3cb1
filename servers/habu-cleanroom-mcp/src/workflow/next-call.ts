/** A useful call to make next; values are ids and words of ours, never remote text. */
export interface NextCall {
  readonly tool: string;
  readonly why: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

const plain = /^[\w.:@+-]{1,120}$/;

/** Leaves out values that remote text could hide in. */
export function safeNext(calls: readonly NextCall[]): NextCall[] {
  return calls.map(({ tool, why, arguments: given = {} }) => {
    const kept = Object.entries(given).filter(([, value]) => typeof value !== "string" || plain.test(value));
    return { tool, why, ...(kept.length === 0 ? {} : { arguments: Object.fromEntries(kept) }) };
  });
}
