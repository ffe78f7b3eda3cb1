import { type FSWatcher, watch } from "node:fs";

export interface Watch {
  close(): void;
}

/** Calls `changed` soon after something in the folder did, and at every safety interval. */
export function watchFolder(folder: string, changed: (name?: string) => void, intervalMs = 250): Watch {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(folder, { persistent: false, recursive: process.platform !== "linux" }, (_, name) =>
      changed(name ?? undefined),
    );
    watcher.on("error", () => {
      watcher?.close();
      watcher = undefined;
    });
  } catch {
    // No notification here: the interval finds changes.
  }
  const timer = setInterval(() => changed(), intervalMs);
  timer.unref();
  return {
    close() {
      watcher?.close();
      clearInterval(timer);
    },
  };
}
