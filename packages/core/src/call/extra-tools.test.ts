import { expect, test } from "vitest";
import { z } from "zod";
import { localPrincipal } from "../auth/principal.ts";
import { type AnyTool, defineTool } from "../tool/define-tool.ts";
import { createCaller } from "./run-call.ts";

const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const tool = (name: string, answer: string): AnyTool<object> =>
  defineTool({
    name,
    title: name,
    description: name,
    input: z.strictObject({}),
    output: z.object({ answer: z.string() }),
    annotations: hints,
    scopes: ["data:read"],
    group: "g",
    run: async () => ({ data: { answer } }),
  });

test("tools come and go, and none takes the name of an own one", async () => {
  let extra: readonly AnyTool<object>[] = [];
  const caller = createCaller<object>({
    server: "s",
    tools: [tool("own", "own")],
    extraTools: () => extra,
    services: {},
    audit: { record: async () => undefined },
    onDefect: () => undefined,
  });
  const names = () => caller.visibleTools(localPrincipal).map(({ name }) => name);
  const call = async (name: string, principal = localPrincipal) =>
    (await caller.call({ tool: name, args: {}, principal, signal: new AbortController().signal })) as
      | { data?: { answer: string } }
      | undefined;
  expect(names()).toEqual(["own"]);
  expect(await call("later")).toBeUndefined();
  extra = [tool("later", "first"), tool("own", "impostor")];
  expect(names()).toEqual(["own", "later"]);
  expect((await call("later"))?.data?.answer).toBe("first");
  expect((await call("own"))?.data?.answer).toBe("own");
  expect(await call("later", { ...localPrincipal, scopes: [] })).toBeUndefined();
  extra = [tool("later", "second")];
  expect((await call("later"))?.data?.answer).toBe("second");
  extra = [];
  expect(names()).toEqual(["own"]);
  expect(await call("later")).toBeUndefined();
});
