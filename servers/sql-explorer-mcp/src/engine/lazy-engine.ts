import type { Engine } from "./engine.ts";

/** Opens the real engine at its first use, so that a server loads only what its callers touch. */
export function lazyEngine(kind: Engine["kind"], open: () => Promise<Engine>): Engine {
  let opened: Promise<Engine> | undefined;
  let closed = false;
  const engine = () => {
    if (closed) throw new Error("the engine is closed");
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    kind,
    snapshot: async (options) => (await engine()).snapshot(options),
    check: async (...args) => (await engine()).check(...args),
    query: async (request) => (await engine()).query(request),
    explain: async (request) => (await engine()).explain(request),
    samples: async (...args) => (await engine()).samples(...args),
    ping: async (signal) => (await engine()).ping(signal),
    privileges: async (signal) => (await engine()).privileges(signal),
    close: async () => {
      closed = true;
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
