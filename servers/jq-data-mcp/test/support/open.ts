import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Principal } from "@mcp-data/core";
import { silentLog } from "@mcp-data/core/http";
import { configSchema, type JqDataConfig } from "../../src/config.ts";
import { createServices, type JqDataServices, type ServicesOptions } from "../../src/create-services.ts";
import { writeSamples } from "../../src/demo/demo.ts";
import { tools } from "../../src/tools/index.ts";

type Input = Partial<Parameters<typeof configSchema.parse>[0] & object>;

export interface Opened extends AsyncDisposable {
  readonly services: JqDataServices;
  readonly folder: string;
  readonly config: JqDataConfig;
  /** The data of a tool call by a person; rejects with its ToolError. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever a tool gives
  call(person: string, tool: string, input?: object): Promise<Record<string, any>>;
}

function person(id: string): Principal {
  return { id: `key:${id}`, scopes: ["*"], method: "api_key" };
}

/** A library filled with the samples, in a folder of its own. */
export async function openLibrary(more: Input = {}, rest: Partial<ServicesOptions> = {}): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), "jq-data-test-"));
  const { data, seeds } = writeSamples(folder);
  const config = configSchema.parse({
    data: [data],
    seeds,
    database: join(folder, "db", "tools.db"),
    team: { owners: ["key:owner"], admins: ["key:admin"] },
    ...more,
  });
  const services = await createServices({ config, logger: silentLog, ...rest });
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  return {
    services,
    folder,
    config,
    async call(id, name, input = {}) {
      const tool = byName.get(name);
      if (tool === undefined) throw new Error(`no tool ${name}`);
      const outcome = await tool.run(tool.input.parse(input), {
        services,
        principal: person(id),
        signal: new AbortController().signal,
        requestId: "test",
        progress: () => undefined,
      });
      return { ...tool.output.parse(outcome.data), warnings: outcome.warnings, page: outcome.page };
    },
    async [Symbol.asyncDispose]() {
      await services.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
