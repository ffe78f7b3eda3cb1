import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { AuditEvent } from "../audit/event.ts";
import { localPrincipal } from "../auth/principal.ts";
import { ToolError } from "../error/tool-error.ts";
import { createReader, type ReaderOptions } from "./run-read.ts";

function setup(more: Partial<ReaderOptions> = {}) {
  const events: AuditEvent[] = [];
  const read = createReader({
    server: "test",
    audit: { record: async (event) => void events.push(event) },
    ...more,
  });
  const ask = (work: (signal: AbortSignal) => Promise<string>, signal = new AbortController().signal) =>
    read({
      method: "resources/read",
      target: "x://y",
      principal: localPrincipal,
      signal,
      work,
      size: (text) => text.length,
    });
  return { ask, events };
}

test("a read is recorded once, whatever its end", async () => {
  const { ask, events } = setup();
  expect(await ask(async () => "text")).toBe("text");
  await expect(
    ask(async () => {
      throw new ToolError("NOT_FOUND", "Nothing there.");
    }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(events).toMatchObject([
    { tool: "resources/read", args: { target: "x://y" }, principal: "local", verdict: "ok" },
    { verdict: "NOT_FOUND" },
  ]);
});

test("time, size and the caller's leaving end it", async () => {
  const { ask, events } = setup({ timeoutMs: 20, maxChars: 10 });
  const forever = (signal: AbortSignal) => sleep(60_000, "late", { signal });
  await expect(ask(forever)).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });
  await expect(ask(async () => "x".repeat(11))).rejects.toMatchObject({ code: "RESULT_TOO_LARGE" });
  await expect(ask(forever, AbortSignal.abort())).rejects.toMatchObject({ code: "CANCELLED" });
  expect(events.map(({ verdict }) => verdict)).toEqual(["QUERY_TIMEOUT", "RESULT_TOO_LARGE", "CANCELLED"]);
});

test("a refused admission runs nothing; a granted one is released", async () => {
  let released = 0;
  let open = false;
  const { ask } = setup({
    admission: {
      admit: async () => {
        if (!open) throw new ToolError("RATE_LIMITED", "Used up.");
        return {
          release: async () => {
            released += 1;
          },
        };
      },
    },
  });
  let ran = 0;
  const work = async () => {
    ran += 1;
    return "text";
  };
  await expect(ask(work)).rejects.toMatchObject({ code: "RATE_LIMITED" });
  open = true;
  await ask(work);
  expect([ran, released]).toEqual([1, 1]);
});

test("a trail that fails closed withholds the text", async () => {
  const { ask } = setup({
    audit: {
      record: async () => {
        throw new ToolError("UNAVAILABLE", "The audit trail cannot be written.");
      },
    },
  });
  await expect(ask(async () => "text")).rejects.toMatchObject({ code: "UNAVAILABLE" });
});
