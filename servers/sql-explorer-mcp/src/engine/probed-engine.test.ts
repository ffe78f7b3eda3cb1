import { createLogger } from "@mcp-data/core";
import { expect, test } from "vitest";
import type { Engine } from "./engine.ts";
import { lazyEngine } from "./lazy-engine.ts";
import { type PrivilegeCheck, probedEngine } from "./probed-engine.ts";

const signal = new AbortController().signal;
const snapshot = {
  epoch: "e",
  takenAt: 0,
  schemas: [],
  relations: [],
  foreignKeys: [],
  userFunctions: new Set<string>(),
  warnings: [],
};

/** An engine of which only what the wrappers call is there. */
function engineWith(privileges: () => Promise<readonly string[]>) {
  const calls: string[] = [];
  const engine = {
    kind: "postgres",
    privileges() {
      calls.push("privileges");
      return privileges();
    },
    async snapshot() {
      calls.push("snapshot");
      return snapshot;
    },
    close: async () => void calls.push("close"),
  } as unknown as Engine;
  return { engine, calls };
}

function wrap(engine: Engine, check: PrivilegeCheck) {
  const lines: string[] = [];
  const logger = createLogger({ server: "test", to: { write: (line: string) => void lines.push(line) } });
  return { probed: probedEngine(engine, { sourceId: "shop", check, logger }), lines };
}

test("enforce refuses every use of a strong login with the finding and the fix, probing once", async () => {
  const { engine, calls } = engineWith(async () => ["is a superuser"]);
  const { probed } = wrap(engine, "enforce");
  for (let i = 0; i < 2; i += 1) {
    await expect(probed.snapshot({ signal })).rejects.toMatchObject({
      code: "CONFIG_ERROR",
      message: expect.stringContaining("is a superuser"),
      details: { reason: "excessive_privileges" },
    });
  }
  expect(calls).toEqual(["privileges"]);
});

test("warn serves and leaves a line in the log; off does not even ask", async () => {
  const strong = engineWith(async () => ["may write app.orders"]);
  const { probed, lines } = wrap(strong.engine, "warn");
  await probed.snapshot({ signal });
  await new Promise((resolve) => setImmediate(resolve));
  expect(lines.join()).toContain("may write app.orders");
  const off = engineWith(async () => ["is a superuser"]);
  await wrap(off.engine, "off").probed.snapshot({ signal });
  expect(off.calls).toEqual(["snapshot"]);
});

test("a probe that failed is tried again", async () => {
  let up = false;
  const { engine } = engineWith(async () => {
    if (!up) throw new Error("down");
    return [];
  });
  const { probed } = wrap(engine, "enforce");
  await expect(probed.snapshot({ signal })).rejects.toThrow("down");
  up = true;
  await expect(probed.snapshot({ signal })).resolves.toBe(snapshot);
});

test("a lazy engine opens once, at first use, again after a failure, and never only to be closed", async () => {
  const { engine, calls } = engineWith(async () => []);
  let opened = 0;
  const lazy = lazyEngine("postgres", async () => {
    opened += 1;
    if (opened === 1) throw new Error("no driver");
    return engine;
  });
  await expect(lazy.snapshot({ signal })).rejects.toThrow("no driver");
  await Promise.all([lazy.snapshot({ signal }), lazy.snapshot({ signal })]);
  expect(opened).toBe(2);
  await lazy.close();
  expect(calls.at(-1)).toBe("close");
  await expect(lazy.snapshot({ signal })).rejects.toThrow("closed");
  const unused = lazyEngine("duckdb", () => Promise.reject(new Error("must not open")));
  await unused.close();
});
