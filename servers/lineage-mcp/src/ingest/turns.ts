import { byReadingOrder, type EventFile } from "./files.ts";

/** Files still to be read. Writers take turns, so that nobody waits for a long history of another. */
export interface Turns {
  /** As they are now; a file that is here already is read to its new size. */
  add(files: Iterable<EventFile>): void;
  /** The first file of the writer whose turn it is. */
  next(): EventFile | undefined;
  /** Read to the size it had, or, when there is `more`, in part: then it is another writer's turn. */
  took(file: EventFile, more: boolean): void;
}

export function createTurns(): Turns {
  const writers = new Map<string, Map<string, EventFile>>();
  return {
    add(files) {
      const grown = new Set<string>();
      for (const file of files) {
        const own = writers.get(file.writer) ?? new Map<string, EventFile>();
        if (!own.has(file.path)) grown.add(file.writer);
        writers.set(file.writer, own.set(file.path, file));
      }
      for (const writer of grown) {
        const sorted = [...(writers.get(writer)?.values() ?? [])].sort(byReadingOrder);
        writers.set(writer, new Map(sorted.map((file) => [file.path, file])));
      }
    },
    next: () => writers.values().next().value?.values().next().value,
    took(file, more) {
      const own = writers.get(file.writer);
      if (own === undefined) return;
      if (more) {
        writers.delete(file.writer);
        writers.set(file.writer, own);
        return;
      }
      // Unless it was seen larger meanwhile.
      if (own.get(file.path) === file) own.delete(file.path);
      if (own.size === 0) writers.delete(file.writer);
    },
  };
}
