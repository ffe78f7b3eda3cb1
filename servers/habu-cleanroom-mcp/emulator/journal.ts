export interface JournalEntry {
  readonly n: number;
  /** Emulated time. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly operation: string | undefined;
  status: number;
  fault?: string;
  /** A limit of the platform or its contract was broken. */
  violation?: string;
}

export interface Journal {
  readonly entries: readonly JournalEntry[];
  add(entry: Omit<JournalEntry, "n">): JournalEntry;
  violations(): readonly JournalEntry[];
  /** Requests per operation. */
  counts(): Readonly<Record<string, number>>;
  clear(): void;
}

export function createJournal(): Journal {
  let entries: JournalEntry[] = [];
  let next = 1;
  return {
    get entries() {
      return entries;
    },
    add(entry) {
      const added = { n: next, ...entry };
      next += 1;
      entries.push(added);
      return added;
    },
    violations: () => entries.filter((entry) => entry.violation !== undefined),
    counts() {
      const counts: Record<string, number> = {};
      for (const { operation } of entries) {
        if (operation !== undefined) counts[operation] = (counts[operation] ?? 0) + 1;
      }
      return counts;
    },
    clear() {
      entries = [];
    },
  };
}
