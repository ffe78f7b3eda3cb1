import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import type { AuditEvent } from "../audit/event.ts";
import { localPrincipal, type Principal } from "../auth/principal.ts";
import { untrusted } from "../envelope/untrusted.ts";
import { ToolError } from "../error/tool-error.ts";
import { type AnyTool, defineTool } from "../tool/define-tool.ts";
import type { CallRequest } from "./caller.ts";
import { type CallerOptions, createCaller } from "./run-call.ts";

interface Services {
  ran: string[];
}

const readOnly = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

function tool(
  name: string,
  run: AnyTool<Services>["run"],
  more: Partial<AnyTool<Services>> = {},
): AnyTool<Services> {
  return {
    ...defineTool<Services, z.ZodObject, z.ZodObject>({
      name,
      title: name,
      description: "For tests.",
      input: z.strictObject({ text: z.string().max(20).optional(), source: z.string().optional() }),
      output: z.object({ text: untrusted(z.string()).optional(), n: z.number().optional() }),
      annotations: readOnly,
      scopes: ["data:read"],
      group: "read",
      run,
    }),
    ...more,
  };
}

function setup(tools: AnyTool<Services>[], more: Partial<CallerOptions<Services>> = {}) {
  const events: AuditEvent[] = [];
  const defects: unknown[] = [];
  const services: Services = { ran: [] };
  const caller = createCaller<Services>({
    server: "test",
    tools,
    services,
    audit: { record: async (event) => void events.push(event) },
    onDefect: (error) => defects.push(error),
    ...more,
  });
  const call = (name: string, args: unknown = {}, request: Partial<CallRequest> = {}) =>
    caller.call({
      tool: name,
      args,
      principal: localPrincipal,
      signal: new AbortController().signal,
      ...request,
    });
  return { caller, call, events, defects, services };
}

const echo = tool("echo", async (input, { services }) => {
  services.ran.push("echo");
  return { data: { text: input.text, extra: 1 }, warnings: [], schema: "s", audit: { rows: 1 } };
});

test("success: envelope with context, output parsed, untrusted text fenced, one audit event", async () => {
  const { call, events } = setup([echo], { envelopeContext: () => ({ projectId: "shop" }) });
  const answer = await call("echo", { text: "hi" });
  expect(answer).toMatchObject({ success: true, project_id: "shop", schema: "s" });
  const data = (answer as { data: Record<string, string> }).data;
  expect(data).not.toHaveProperty("extra");
  expect(data.text).toMatch(/^<(untrusted-[0-9a-f]{8})>hi<\/\1>$/);
  expect(answer).not.toHaveProperty("warnings");
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    kind: "call",
    tool: "echo",
    principal: "local",
    verdict: "ok",
    facts: { rows: 1 },
  });
});

test("an unknown argument is named with the nearest one and the allowed ones, and nothing runs", async () => {
  const { call, services, events } = setup([echo]);
  expect(await call("echo", { txt: 1, Text: "x" })).toMatchObject({
    success: false,
    error: {
      code: "VALIDATION_ERROR",
      message: expect.stringMatching(
        /unknown argument "txt".*unknown argument "Text", did you mean "text"\?/,
      ),
      hint: "Arguments: text, source.",
      details: { reason: "invalid_arguments" },
    },
  });
  expect(services.ran).toEqual([]);
  expect(events).toMatchObject([{ verdict: "VALIDATION_ERROR" }]);
});

test.each([null, "text", 5, ["a"]])(
  "arguments that are no object (%j) are refused, absent ones are empty",
  async (args) => {
    const { call } = setup([echo]);
    const answer = await call("echo", args);
    if (args === null) expect(answer).toMatchObject({ success: true });
    else expect(answer).toMatchObject({ error: { code: "VALIDATION_ERROR" } });
  },
);

test("a tool outside the caller's scopes is as absent as an unknown one, and both are on the record", async () => {
  const { caller, call, events } = setup([echo]);
  const stranger: Principal = { id: "s", scopes: ["other"], method: "api_key" };
  expect(caller.visibleTools(stranger)).toEqual([]);
  expect(await call("echo", {}, { principal: stranger })).toBeUndefined();
  expect(await call("nothing")).toBeUndefined();
  expect(events.map((event) => event.verdict)).toEqual(["PERMISSION_DENIED", "NOT_FOUND"]);
});

test("an unexpected exception shows a correlation id and none of its text", async () => {
  const broken = tool("broken", async () => {
    throw new Error("connect ECONNREFUSED db.internal:5432 password=hunter2");
  });
  const { call, defects } = setup([broken]);
  const answer = await call("broken");
  expect(answer).toMatchObject({
    success: false,
    error: { code: "INTERNAL_ERROR" },
    request_id: expect.any(String),
  });
  expect(JSON.stringify(answer)).not.toMatch(/hunter2|db\.internal|ECONNREFUSED/);
  expect(defects).toHaveLength(1);
});

test("output that does not fit its schema is a defect, not an answer", async () => {
  const { call, defects } = setup([tool("wrong", async () => ({ data: { n: "five" } }))]);
  expect(await call("wrong")).toMatchObject({ error: { code: "INTERNAL_ERROR" } });
  expect(defects).toHaveLength(1);
});

test("a result above the cap is RESULT_TOO_LARGE with both sizes", async () => {
  const big = tool("big", async () => ({ data: { text: "x".repeat(50_000) } }));
  const { call } = setup([big]);
  expect(await call("big")).toMatchObject({ error: { code: "RESULT_TOO_LARGE", details: { cap: 40_000 } } });
});

test("a long failure is cut to 1,500 characters and keeps its reason", async () => {
  const chatty = tool("chatty", async () => {
    throw new ToolError("QUERY_ERROR", "m".repeat(5_000), {
      hint: "h".repeat(5_000),
      details: { reason: "r", x: "y".repeat(9_000) },
    });
  });
  const answer = await setup([chatty]).call("chatty");
  expect(JSON.stringify(answer).length).toBeLessThanOrEqual(1_500);
  expect(answer).toMatchObject({ error: { code: "QUERY_ERROR", details: { reason: "r", truncated: true } } });
});

test("the time limit stops a cooperative handler at once and a deaf one after the grace", async () => {
  const polite = tool("polite", (_input, { signal }) => sleep(60_000, { data: {} }, { signal }), {
    timeoutMs: 30,
  });
  const deaf = tool("deaf", () => sleep(4_000, { data: {} }), { timeoutMs: 30 });
  const { call } = setup([polite, deaf]);
  const started = performance.now();
  expect(await call("polite")).toMatchObject({ error: { code: "QUERY_TIMEOUT" } });
  expect(performance.now() - started).toBeLessThan(1_500);
  expect(await call("deaf")).toMatchObject({ error: { code: "QUERY_TIMEOUT" } });
});

test("cancelling answers CANCELLED, before and during the call", async () => {
  const slow = tool("slow", (_input, { signal }) => sleep(60_000, { data: {} }, { signal }));
  const { call } = setup([slow]);
  const controller = new AbortController();
  const pending = call("slow", {}, { signal: controller.signal });
  controller.abort();
  expect(await pending).toMatchObject({ error: { code: "CANCELLED" } });
  expect(await call("slow", {}, { signal: AbortSignal.abort() })).toMatchObject({
    error: { code: "CANCELLED" },
  });
});

test("a slot is held until the handler ends, refunded only when nothing was done", async () => {
  const released: boolean[] = [];
  const admission = {
    admit: async () => ({ release: async ({ refund }: { refund: boolean }) => void released.push(refund) }),
  };
  let finish: (() => void) | undefined;
  const deaf = tool("deaf", () => new Promise((resolve) => (finish = () => resolve({ data: {} }))), {
    timeoutMs: 10,
  });
  const busy = tool("busy", async () => {
    throw new ToolError("UNAVAILABLE", "The pool is exhausted.", { retryAfterMs: 100 });
  });
  const { call } = setup([echo, deaf, busy], { admission });
  await call("echo");
  await call("echo", { bad: 1 });
  await call("busy");
  expect(released).toEqual([false, true, true]);
  expect(await call("deaf")).toMatchObject({ error: { code: "QUERY_TIMEOUT" } });
  expect(released).toHaveLength(3);
  finish?.();
  await sleep(5);
  expect(released).toEqual([false, true, true, false]);
});

test("a refused admission runs nothing and says how long to wait", async () => {
  const admission = {
    admit: async () => {
      throw new ToolError("RATE_LIMITED", "60 calls a minute are used up.", { retryAfterMs: 1_234.5 });
    },
  };
  const { call, services } = setup([echo], { admission });
  expect(await call("echo")).toMatchObject({ error: { code: "RATE_LIMITED", retry_after_ms: 1_235 } });
  expect(services.ran).toEqual([]);
});

test("a writing tool leaves an intent first; when the trail fails closed it does not run", async () => {
  const annotations = { ...readOnly, readOnlyHint: false };
  const write = tool(
    "write",
    async (_input, { services }) => {
      services.ran.push("write");
      return { data: {} };
    },
    { annotations },
  );
  const open = setup([write]);
  await open.call("write", { text: "x" });
  expect(open.events.map((event) => event.kind)).toEqual(["intent", "call"]);
  const closed = setup([write, echo], {
    audit: {
      record: async () => {
        throw new ToolError("UNAVAILABLE", "The audit trail cannot be written.");
      },
    },
  });
  expect(await closed.call("write")).toMatchObject({ error: { code: "UNAVAILABLE" } });
  expect(closed.services.ran).toEqual([]);
  expect(await closed.call("echo")).toMatchObject({ error: { code: "UNAVAILABLE" } });
});
