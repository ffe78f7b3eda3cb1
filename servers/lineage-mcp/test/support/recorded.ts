import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCaller, createLogger, type Failure, localPrincipal, type Success } from "@mcp-data/core";
import { configSchema } from "../../src/config.ts";
import { createServices, type LineageServices } from "../../src/create-services.ts";
import { type Home, openHome } from "../../src/data/home.ts";
import { tools } from "../../src/tools/index.ts";
import { checkEvents, watchEvents } from "./every-event.ts";

export interface Recorded extends AsyncDisposable {
  /** The data of a call that must succeed. */
  ask<Data = Record<string, never>>(tool: string, args?: object): Promise<Data>;
  call(tool: string, args?: object): Promise<Success | Failure>;
  /** The failure of a call that must fail. */
  refused(tool: string, args?: object): Promise<Failure["error"]>;
  readonly services: LineageServices;
  readonly home: Home;
}

export const demoFolder = join(import.meta.dirname, "../../demo");

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lineage-test-"));
  watchEvents(folder);
  return folder;
}

/** The tools over event files, without a transport; `events` is copied into a home of its own, null: nothing. */
export function openRecorded(
  events: string | null = demoFolder,
  root = tempFolder(),
  keep = false,
): Recorded {
  const home = openHome(root);
  if (events !== null) cpSync(events, home.events, { recursive: true });
  const logger = createLogger({ server: "test", level: "silent" });
  const services = createServices({
    config: configSchema.parse({}),
    home,
    notebooks: [],
    logger,
    capture: async () => ({ state: "installed", unparsable: [] }),
    demo: false,
  });
  const caller = createCaller({
    server: "test",
    tools,
    services,
    audit: { record: async () => undefined },
    onDefect: (error) => {
      throw error;
    },
  });
  const call: Recorded["call"] = async (tool, args = {}) => {
    const answer = await caller.call({
      tool,
      args,
      principal: localPrincipal,
      signal: new AbortController().signal,
    });
    if (answer === undefined) throw new Error(`no tool ${tool}`);
    return answer;
  };
  return {
    home,
    services,
    call,
    async ask(tool, args) {
      const answer = await call(tool, args);
      if (!answer.success) throw new Error(`${tool} failed: ${JSON.stringify(answer.error)}`);
      return unfenced(answer.data) as never;
    },
    async refused(tool, args) {
      const answer = await call(tool, args);
      if (answer.success)
        throw new Error(`${tool} was not refused: ${JSON.stringify(answer.data).slice(0, 500)}`);
      return answer.error;
    },
    async [Symbol.asyncDispose]() {
      await services.close();
      checkEvents(root);
      if (!keep) rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Texts of notebooks come fenced; tests look at what is inside. */
function unfenced(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/^<(untrusted-\w+)>([\s\S]*)<\/\1>$/, "$2");
  if (Array.isArray(value)) return value.map(unfenced);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unfenced(each)]));
}
