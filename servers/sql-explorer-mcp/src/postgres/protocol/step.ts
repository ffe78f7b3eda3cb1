import { bindMessage, describePortalMessage, executeMessage, parseMessage } from "./wire.ts";

export interface Field {
  readonly name: string;
  /** OID of the relation a direct output comes from, 0 for an expression. */
  readonly tableID: number;
  /** Attribute number within that relation. */
  readonly columnID: number;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
}

export type RawRow = readonly (string | null)[];

/** Some statements of a group, and who listens to their answers. */
export interface Step {
  readonly bytes: Buffer;
  /** Execute messages among the bytes; each is answered exactly once. */
  readonly executes: number;
  /** Characters of ours in front of the caller's text; absent when the text is all ours. */
  readonly callerTextAt?: number;
  columns?(fields: readonly Field[]): void;
  /** `size` is the row's length on the wire. Returning "stop" ends the group and its connection. */
  row?(values: RawRow, size: number): "stop" | undefined;
  /** After each Execute; `suspended` when rows are left in the portal. */
  done?(suspended: boolean): void;
}

const bindNothing = bindMessage([]);
const describePortal = describePortalMessage();

/** Our own statements, answers ignored. */
export function ownStep(texts: readonly string[]): Step {
  const bytes = texts.flatMap((text) => [parseMessage(text), bindMessage([]), executeMessage(0)]);
  return { bytes: Buffer.concat(bytes), executes: texts.length };
}

/** One statement by extended protocol with its rows handed on. */
export function textStep(
  text: string,
  values: readonly (string | null)[],
  maxRows: number,
  listener: Omit<Step, "bytes" | "executes">,
): Step {
  const bytes = [
    parseMessage(text),
    values.length === 0 ? bindNothing : bindMessage(values),
    describePortal,
    executeMessage(maxRows),
  ];
  return { ...listener, bytes: Buffer.concat(bytes), executes: 1 };
}

/** One statement of our own with all its rows kept. */
export function collectStep(text: string): Step & { readonly rows: RawRow[] } {
  const rows: RawRow[] = [];
  const step = textStep(text, [], 0, {
    row(values) {
      rows.push(values);
      return undefined;
    },
  });
  return { ...step, rows };
}
