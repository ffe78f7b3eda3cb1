import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AuditEvent,
  createCaller,
  createLogger,
  type Failure,
  localPrincipal,
  type Principal,
  type Success,
} from "@mcp-data/core";
import { configSchema } from "../../src/config.ts";
import { createServices, type ServicesOptions } from "../../src/create-services.ts";
import { createShop } from "../../src/demo/shop.ts";
import { tools } from "../../src/tools/index.ts";

export interface Explorer extends AsyncDisposable {
  /** The data of a call that must succeed. */
  ask<Data = Record<string, never>>(tool: string, args?: object, principal?: Principal): Promise<Data>;
  call(tool: string, args?: object, principal?: Principal): Promise<Success | Failure>;
  /** The failure of a call that must fail. */
  refused(tool: string, args?: object, principal?: Principal): Promise<Failure["error"]>;
  readonly services: ReturnType<typeof createServices>;
  readonly audited: AuditEvent[];
}

/** The tools over real engines, without a transport. `config` as a YAML file would say it. */
export function openExplorer(config: object, options: Partial<ServicesOptions> = {}): Explorer {
  const parsed = configSchema.parse(config);
  const logger = createLogger({ server: "test", level: "silent" });
  const services = createServices({ config: parsed, logger, local: true, privilegeCheck: "off", ...options });
  const audited: AuditEvent[] = [];
  const caller = createCaller({
    server: "test",
    tools,
    services,
    audit: { record: async (event) => void audited.push(event) },
    envelopeContext: (principal) => ({ projectId: services.projects.of(principal).id }),
    onDefect: (error) => {
      throw error;
    },
  });
  const call: Explorer["call"] = async (tool, args = {}, principal = localPrincipal) => {
    const answer = await caller.call({ tool, args, principal, signal: new AbortController().signal });
    if (answer === undefined) throw new Error(`no tool ${tool} for this caller`);
    return answer;
  };
  return {
    services,
    audited,
    call,
    async ask(tool, args, principal) {
      const answer = await call(tool, args, principal);
      if (!answer.success) throw new Error(`${tool} failed: ${JSON.stringify(answer.error)}`);
      return answer.data as never;
    },
    async refused(tool, args, principal) {
      const answer = await call(tool, args, principal);
      if (answer.success)
        throw new Error(`${tool} was not refused: ${JSON.stringify(answer.data).slice(0, 500)}`);
      return answer.error;
    },
    [Symbol.asyncDispose]: () => services.close(),
  };
}

/** The sample shop behind the tools. */
export async function openShop(more: object = {}, rest: object = {}): Promise<Explorer> {
  const shop = await createShop();
  const explorer = openExplorer(
    { sources: [{ ...shop.source, ...more }], ...rest },
    { beforeOpen: () => shop.build() },
  );
  return {
    ...explorer,
    async [Symbol.asyncDispose]() {
      await explorer.services.close();
      await shop.remove();
    },
  };
}

/** A folder that goes with the test. */
export function tempFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), "explorer-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
