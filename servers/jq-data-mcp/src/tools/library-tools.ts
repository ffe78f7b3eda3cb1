import { type AnyTool, defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { ToolBody } from "../library/definitions.ts";
import { argumentsSchema } from "../program/parameters.ts";
import type { Services } from "../services.ts";
import { readHints, readScope } from "./fields.ts";
import { answerRun, resultOutput } from "./result-answer.ts";
import { requestOf } from "./tool-request.ts";

const maxTools = 20;
/** Of all listed definitions. */
const maxTokens = 3_000;
/** What every definition has: answer schema, annotations. */
const fixedTokens = 110;
const reserved = new Set(["dataset", "limit", "cursor"]);

interface Offered {
  readonly tool: AnyTool<Services>;
  readonly cost: number;
}

/** Approved tools as tools of their own; what does not fit is reached through run_tool. */
export function createLibraryTools(services: Services): () => readonly AnyTool<Services>[] {
  let made: readonly AnyTool<Services>[] = [];
  let madeFor = "";
  let known: ReadonlyMap<string, Offered | undefined> = new Map();

  /** Undefined for what cannot be a tool of its own. */
  function offer(version: string, key: string): Offered | undefined {
    const body = services.reader.version(version)?.body as ToolBody | undefined;
    const fits =
      body !== undefined &&
      key.length <= 38 &&
      /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(key) &&
      !body.parameters.some(({ name }) => reserved.has(name));
    if (!fits) return undefined;
    const tool = asTool(body);
    return { tool, cost: tokensOf(tool) };
  }

  return () => {
    const state = services.reader.stamp("tool");
    if (state === madeFor) return made;
    const items = services.reader.items("tool");
    const calls = new Map(services.insights.metrics().map((metric) => [metric.item, metric.calls]));
    const ranked = [...items].sort(
      (a, b) => (calls.get(b.item) ?? 0) - (calls.get(a.item) ?? 0) || (a.key < b.key ? -1 : 1),
    );
    const chosen: AnyTool<Services>[] = [];
    let tokens = 0;
    const looked = new Map<string, Offered | undefined>();
    for (const { active, key } of ranked) {
      if (chosen.length >= maxTools) break;
      if (active === null) continue;
      const offered = known.has(active) ? known.get(active) : offer(active, key);
      looked.set(active, offered);
      if (offered === undefined || tokens + offered.cost > maxTokens) continue;
      tokens += offered.cost;
      chosen.push(offered.tool);
    }
    known = looked;
    made = chosen.sort((a, b) => (a.name < b.name ? -1 : 1));
    madeFor = state;
    return made;
  };
}

/** Rather too many: what is not plain English takes more tokens than it has characters. */
function tokensOf({ name, title, description, input }: AnyTool<Services>): number {
  const { $schema: _, ...schema } = z.toJSONSchema(input as z.ZodType, {
    io: "input",
    unrepresentable: "any",
  });
  const text = JSON.stringify({ name, title, description, schema });
  const plain = text.replace(/[^\x20-\x7e]/gu, "").length;
  return fixedTokens + plain / 4 + (Buffer.byteLength(text) - plain) / 1.3;
}

function asTool(body: ToolBody): AnyTool<Services> {
  const [only] = body.datasets;
  const dataset =
    only === undefined
      ? z.string().optional()
      : body.datasets.length === 1
        ? z.enum([only]).default(only)
        : z.enum(body.datasets as [string, ...string[]]);
  return defineTool({
    name: `t_${body.name}`,
    title: body.name.replaceAll("_", " "),
    description: `By the team: ${oneLine(body.description) || "no description"}`,
    input: z.strictObject({
      ...argumentsSchema(body.parameters).shape,
      dataset,
      limit: z.int().min(1).max(1_000).default(100),
      cursor: z.string().optional(),
    }),
    output: resultOutput,
    annotations: readHints,
    scopes: readScope,
    group: "approved",
    timeoutMs: 3_700_000,
    async run(
      { dataset: on, limit, cursor, ...given }: Record<string, unknown>,
      { services, principal, signal }: ToolContext<Services>,
    ) {
      const user = services.userOf(principal);
      const tool = services.reader.findTool(body.name);
      const request = requestOf(services, tool, {
        user: user.id,
        arguments: given,
        dataset: on as string | undefined,
        signal,
      });
      return answerRun({
        services,
        principal,
        tool: "run_tool",
        of: [tool.id, request.dataset, given],
        cursor: cursor as string | undefined,
        limit: limit as number,
        run: () => services.runner.run(request),
      });
    },
  } as unknown as AnyTool<Services>);
}

/** Members wrote it: no line of it may look like something else. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, 300);
}
