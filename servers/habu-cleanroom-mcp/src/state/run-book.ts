import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import { openJsonFile } from "./json-file.ts";

/** What was last seen of a thing whose state the platform asks us to read rarely. */
export interface Sighting {
  /** Epoch milliseconds of the read. */
  readonly at: number;
  readonly state: Readonly<Record<string, unknown>>;
  /** It will not change any more. */
  readonly final: boolean;
}

export interface RunBook {
  last(id: string): Sighting | undefined;
  /** True when a read is due; takes the turn, so that two processes do not both read. */
  takeTurn(id: string, minGapMs: number): Promise<boolean>;
  saw(id: string, state: Readonly<Record<string, unknown>>, final: boolean): Promise<void>;
}

const weekMs = 7 * 86_400_000;
const maxKept = 1_000;
const sighting = z.object({ at: z.number(), state: z.record(z.string(), z.unknown()), final: z.boolean() });
const schema = z.object({ seen: z.record(z.string(), sighting).default({}) });

export function createRunBook(path: string, clock: Clock): RunBook {
  const file = openJsonFile(path, schema);
  return {
    last: (id) => file.read().seen[id],
    takeTurn: (id, minGapMs) =>
      file.update((book) => {
        const now = clock.now();
        const known = book.seen[id];
        if (known !== undefined && (known.final || now - known.at < minGapMs)) return false;
        book.seen[id] = { at: now, state: known?.state ?? {}, final: false };
        return true;
      }),
    saw: (id, state, final) =>
      file.update((book) => {
        const now = clock.now();
        book.seen[id] = { at: now, state: { ...state }, final };
        const kept = Object.entries(book.seen).filter(([, one]) => one.at > now - weekMs);
        book.seen = Object.fromEntries(kept.sort(([, a], [, b]) => b.at - a.at).slice(0, maxKept));
      }),
  };
}
