import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Caller,
  createCaller,
  createLogger,
  exposedTools,
  type Failure,
  localPrincipal,
  type Principal,
  redactValue,
  Secret,
  type Success,
} from "@mcp-data/core";
import { onTestFinished } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/emulator.ts";
import { catalogueFor } from "../../src/catalogue.ts";
import type { TransportOptions } from "../../src/client/transport.ts";
import { createVirtualClock } from "../../src/clock/clock.ts";
import { configSchema, type HabuConfig } from "../../src/config.ts";
import { createServices } from "../../src/create-services.ts";
import type { Services } from "../../src/services.ts";
import { tools } from "../../src/tools/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test looks into free-form reports
type Loose = any;

export interface ToolProcess {
  readonly services: Services;
  readonly caller: Caller<Services>;
  /** What the log and the audit trail were told. */
  readonly log: string[];
  readonly audit: unknown[];
  call(tool: string, args?: Record<string, unknown>, principal?: Principal): Promise<Success | Failure>;
  /** The data of a success; throws with the failure otherwise. */
  ok(tool: string, args?: Record<string, unknown>): Promise<Loose>;
  /** Confirms the plan a first call gives. */
  confirmed(tool: string, args: Record<string, unknown>): Promise<Loose>;
  fails(tool: string, args?: Record<string, unknown>): Promise<Failure["error"] & { details?: Loose }>;
}

export interface ToolBench extends ToolProcess {
  readonly emulator: Emulator;
  readonly dir: string;
  /** A process that starts now with the same state folder. */
  restart(config?: Partial<HabuConfig>): ToolProcess;
}

export type ToolBenchOptions = EmulatorOptions & {
  config?: Partial<HabuConfig>;
  transport?: Partial<TransportOptions>;
};

/** The tools as core runs them, against an emulator whose time moves only by waiting. */
export async function openTools(options: ToolBenchOptions = {}): Promise<ToolBench> {
  const emulator = await startEmulator({
    clock: createVirtualClock(Date.parse("2026-11-20T09:00:00Z")),
    ...options,
  });
  const dir = mkdtempSync(join(tmpdir(), "habu-tools-"));
  const opened: Services[] = [];
  function restart(config: Partial<HabuConfig> = {}): ToolProcess {
    const made = processOf(emulator, dir, { ...options, config: { ...options.config, ...config } });
    opened.push(made.services);
    return made;
  }
  onTestFinished(async () => {
    await Promise.all(opened.map((one) => one.close()));
    await emulator.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return { ...restart(), emulator, dir, restart };
}

function processOf(emulator: Emulator, dir: string, options: ToolBenchOptions): ToolProcess {
  const log: string[] = [];
  const audit: unknown[] = [];
  const logger = createLogger({
    server: "test",
    level: "debug",
    to: { write: (line: string) => void log.push(line) },
  });
  const config: HabuConfig = {
    ...configSchema.parse({ client_id: emulator.clientId, base_url: emulator.url, state_dir: dir }),
    client_secret: new Secret(emulator.clientSecret),
    ...options.config,
  };
  const services = createServices({
    config,
    logger,
    clock: emulator.clock,
    emulator: true,
    transport: { backoffMs: 1, ...options.transport },
  });
  const caller = createCaller<Services>({
    server: "test",
    tools: exposedTools(catalogueFor("EMULATOR", undefined, config.read_only === true), {
      groups: ["all"],
      readOnly: config.read_only === true,
    }),
    services,
    audit: { record: async (event) => void audit.push(redactValue(event)) },
    onDefect: (error) => {
      log.push(String(error instanceof Error ? error.stack : error));
      // A defect must be seen while testing.
      console.error(error);
    },
  });
  async function call(tool: string, args: Record<string, unknown> = {}, principal = localPrincipal) {
    const from = emulator.journal.entries.at(-1)?.n ?? 0;
    const answer = await caller.call({ tool, args, principal, signal: new AbortController().signal });
    if (answer === undefined) throw new Error(`there is no tool ${tool}`);
    checkOperations(tool, emulator, from);
    return answer;
  }
  async function ok(tool: string, args: Record<string, unknown> = {}): Promise<Loose> {
    const answer = await call(tool, args);
    if (!answer.success) throw new Error(`${tool}: ${JSON.stringify(answer.error)}`);
    return { ...answer.data, warnings: answer.warnings };
  }
  return {
    services,
    caller,
    log,
    audit,
    call,
    ok,
    async confirmed(tool, args) {
      const first = await ok(tool, args);
      if (first.status !== "confirmation_required")
        throw new Error(`${tool} asked for no confirmation: ${JSON.stringify(first)}`);
      return ok(tool, { ...args, confirm: first.confirm.handle });
    },
    async fails(tool, args = {}) {
      const answer = await call(tool, args);
      if (answer.success) throw new Error(`${tool} succeeded: ${JSON.stringify(answer.data)}`);
      return answer.error;
    },
  };
}

/** A tool asks only for what its table says: the table of operations in the documentation is made from it. */
function checkOperations(name: string, emulator: Emulator, from: number): void {
  const tool = tools.find((one) => one.name === name);
  const declared = new Set<string>(["oauth/token", ...(tool?.needs ?? []), ...(tool?.uses ?? [])]);
  const others = emulator.journal.entries.filter(
    ({ n, operation }) => n > from && operation !== undefined && !declared.has(operation),
  );
  if (others.length > 0)
    throw new Error(
      `${name} does not declare ${[...new Set(others.map(({ operation }) => operation))].join(", ")}`,
    );
}
