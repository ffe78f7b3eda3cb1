import { existsSync, readdirSync } from "node:fs";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { parseUriTemplate } from "../mcp/uri-template.ts";
import { inputJsonSchema, toWireTool } from "../mcp/wire-tool.ts";
import type { Catalogue } from "../tool/catalogue.ts";
import { exposedTools } from "../tool/catalogue.ts";
import type { AnyTool } from "../tool/define-tool.ts";
import { inputSchemaProblems } from "./schema-problems.ts";

export interface ContractOptions<Services> {
  readonly catalogue: Catalogue<Services>;
  /** Folders searched, with their subfolders, for `<tool-name>.test.ts`. */
  readonly testFolders: readonly string[];
  readonly maxTokens?: number;
  readonly maxVisible?: number;
}

export interface ContractReport {
  /** One line each; a catalogue that keeps the contract has none. */
  readonly problems: readonly string[];
  /** o200k tokens of the default tools/list. */
  readonly tokens: number;
  readonly visible: number;
  /** Characters of each description: told, not judged. */
  readonly descriptions: Readonly<Record<string, number>>;
}

const maxInstructions = 1_800;

/** Holds a server's catalogue against what every server promises. */
export function checkCatalogue<Services>(options: ContractOptions<Services>): ContractReport {
  const { catalogue, maxTokens = 3_000, maxVisible = 12 } = options;
  const tools = catalogue.tools as readonly AnyTool<never>[];
  const shown = exposedTools(catalogue, {}) as readonly AnyTool<never>[];
  const listing = JSON.stringify({ tools: shown.map(toWireTool) });
  const tokens = countTokens(listing);
  const tests = new Set(options.testFolders.flatMap(filesBelow));

  const problems = [
    ...tools.flatMap((tool) => toolProblems(tool).map((problem) => `${tool.name}: ${problem}`)),
    ...duplicates(tools.map(({ name }) => name)).map((name) => `${name}: defined twice`),
    ...tools
      .filter(({ name }) => !tests.has(`${name.replaceAll("_", "-")}.test.ts`))
      .map(({ name }) => `${name}: no ${name.replaceAll("_", "-")}.test.ts`),
    ...instructionProblems(catalogue.instructions),
    ...resourceProblems(catalogue),
  ];
  if (tokens > maxTokens) problems.push(`tools/list costs ${tokens} tokens, more than ${maxTokens}`);
  if (shown.length > maxVisible)
    problems.push(`${shown.length} tools are shown by default, more than ${maxVisible}`);
  if (shown.length === 0) problems.push("no tool is shown by default");
  if (
    listing !== JSON.stringify({ tools: (exposedTools(catalogue, {}) as AnyTool<never>[]).map(toWireTool) })
  ) {
    problems.push("tools/list is not the same twice");
  }
  return {
    problems,
    tokens,
    visible: shown.length,
    descriptions: Object.fromEntries(tools.map(({ name, description }) => [name, description.length])),
  };
}

function toolProblems(tool: AnyTool<never>): string[] {
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(tool.name)) problems.push("the name is not snake_case");
  if (tool.name.length > 40) problems.push("the name is longer than 40 characters");
  if (tool.title.trim() === "") problems.push("the title is empty");
  if (tool.description.trim() === "") problems.push("the description is empty");
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = tool.annotations;
  for (const [hint, value] of Object.entries({
    readOnlyHint,
    destructiveHint,
    idempotentHint,
    openWorldHint,
  })) {
    if (typeof value !== "boolean") problems.push(`${hint} is not said`);
  }
  if (readOnlyHint && destructiveHint) problems.push("it is both read-only and destructive");
  return [...problems, ...inputSchemaProblems(inputJsonSchema(tool.input))];
}

function instructionProblems(instructions: string): string[] {
  if (instructions.trim() === "") return ["the instructions are empty"];
  if (instructions.length <= maxInstructions) return [];
  return [`the instructions have ${instructions.length} characters, more than ${maxInstructions}`];
}

function resourceProblems<Services>(catalogue: Catalogue<Services>): string[] {
  return (catalogue.resources ?? []).flatMap(({ name, uriTemplate, complete }) => {
    try {
      const { variables } = parseUriTemplate(uriTemplate);
      return Object.keys(complete ?? {})
        .filter((variable) => !variables.includes(variable))
        .map((variable) => `resource ${name}: completes ${variable}, which ${uriTemplate} does not have`);
    } catch (error) {
      return [`resource ${name}: ${(error as Error).message}`];
    }
  });
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map(
    (path) => path.split(/[/\\]/).at(-1) ?? path,
  );
}
