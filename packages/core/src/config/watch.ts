import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

export interface ConfigWatchOptions<Config> {
  readonly file: string;
  /** Reads and checks the whole configuration; throws CONFIG_ERROR. */
  readonly load: () => Config;
  /** Called with a new valid configuration; when it throws or rejects the old one counts as kept. */
  readonly onChange: (config: Config) => void | Promise<void>;
  /** Told why the old configuration stays. */
  readonly onInvalid: (error: unknown) => void;
  /** How often the file is looked at. Polling also sees the symlink swaps of mounted config maps. */
  readonly intervalMs?: number;
}

export interface ConfigWatch {
  /** Loads now, changed or not, as on SIGHUP. True when the new configuration was taken. */
  reload(): Promise<boolean>;
  close(): void;
}

/**
 * Follows a config file; an invalid or vanished one changes nothing but is reported.
 * Only changes after this call count: load first through `reload` where none may be missed.
 */
export function watchConfig<Config>(options: ConfigWatchOptions<Config>): ConfigWatch {
  let seen = contentMark(options.file);
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function take(): Promise<boolean> {
    try {
      await options.onChange(options.load());
      return true;
    } catch (error) {
      options.onInvalid(error);
      return false;
    }
  }

  // One after the other: a slow change must not be overtaken by the next.
  function queue(): Promise<boolean> {
    const done = turn.then(() => (closed ? false : take()));
    turn = done;
    return done;
  }

  const look = () => {
    const mark = contentMark(options.file);
    if (mark === seen) return;
    seen = mark;
    void queue();
  };
  const timer = setInterval(look, options.intervalMs ?? 2_000);
  timer.unref();

  return {
    reload() {
      seen = contentMark(options.file);
      return queue();
    },
    close() {
      closed = true;
      clearInterval(timer);
    },
  };
}

/** What was read last; touching a file or writing the same again is no change. */
function contentMark(file: string): string {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("base64");
  } catch {
    return "unreadable";
  }
}
