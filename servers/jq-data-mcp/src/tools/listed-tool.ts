import { type AnyTool, defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { ToolBody } from "../library/definitions.ts";
import { argumentsSchema } from "../program/parameters.ts";
import type { Services } from "../services.ts";
import { readHints, readScope } from "./fields.ts";
import { answerRun, resultOutput } from "./result-answer.ts";
import { requestOf } from "./tool-request.ts";

/** Characters of its description and of each parameter's; get_tool has every word. */
export interface Words {
  readonly tool: number;
  readonly parameter: number;
}

const namedDatasets = 10;
const pageLimit = 100;
const reserved = new Set(["dataset", "cursor"]);

/** An approved tool as a tool of its own, told as briefly as its use allows; undefined when it cannot be one. */
export function asListedTool(body: ToolBody, words: Words): AnyTool<Services> | undefined {
  const fits =
    body.name.length <= 38 &&
    /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(body.name) &&
    !body.parameters.some(({ name }) => reserved.has(name));
  if (!fits) return undefined;
  return defineTool({
    name: `t_${body.name}`,
    title: body.name.replaceAll("_", " "),
    description: `By the team: ${oneLine(body.description, words.tool) || "no description"}`,
    input: z.strictObject({
      ...argumentsSchema(body.parameters, ({ description }) =>
        description === undefined || words.parameter === 0
          ? undefined
          : oneLine(description, words.parameter),
      ).shape,
      ...datasetOf(body.datasets),
      cursor: z.string().optional(),
    }),
    output: resultOutput,
    annotations: readHints,
    scopes: readScope,
    group: "approved",
    timeoutMs: 3_700_000,
    async run(
      { dataset, cursor, ...given }: Record<string, unknown>,
      { services, principal, signal, progress }: ToolContext<Services>,
    ) {
      const user = services.userOf(principal);
      const tool = services.reader.findTool(body.name);
      const request = requestOf(services, tool, {
        user: user.id,
        arguments: given,
        dataset: dataset as string | undefined,
        signal,
      });
      return answerRun({
        services,
        principal,
        tool: "run_tool",
        of: [tool.id, request.dataset, given],
        cursor: cursor as string | undefined,
        limit: pageLimit,
        progress,
        run: () => services.runner.run(request),
      });
    },
  } as unknown as AnyTool<Services>);
}

/** Where there is but one, nobody has to name it. */
function datasetOf(names: readonly string[]): Record<string, z.ZodType> {
  const [first, ...more] = names;
  if (first === undefined) return { dataset: z.string().optional() };
  if (more.length === 0) return {};
  return { dataset: names.length > namedDatasets ? z.string() : z.enum([first, ...more]) };
}

/** Members wrote it: no line of it may look like something else. */
function oneLine(text: string, most: number): string {
  const line = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}
