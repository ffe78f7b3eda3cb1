import type { LibraryReader } from "../library/reading.ts";
import type { Database } from "../store/database.ts";

/** Calls back when another process on the same file, such as a command, changed what is active. */
export function watchLibrary(
  db: Database,
  reader: LibraryReader,
  onChange: () => void,
  everyMs = 1_000,
): { seen(): void; stop(): void } {
  const fileState = () => db.get<{ data_version: number }>("PRAGMA data_version")?.data_version;
  const activeNow = () =>
    reader
      .items()
      .map(({ active }) => active)
      .join();
  let file = fileState();
  let active = activeNow();
  let stamp = reader.stamp();
  const timer = setInterval(() => {
    const current = fileState();
    if (current === file) return;
    file = current;
    const found = activeNow();
    if (found === active) return;
    active = found;
    onChange();
  }, everyMs);
  timer.unref();
  return {
    // What this process changed itself was told already.
    seen() {
      const now = reader.stamp();
      if (now === stamp) return;
      stamp = now;
      active = activeNow();
    },
    stop: () => clearInterval(timer),
  };
}
