import { isToolError, ToolError } from "@mcp-data/core";
import { z } from "zod";
import {
  type Definition,
  type FunctionBody,
  functionBodySchema,
  itemOf,
  type ToolBody,
  toolBodySchema,
} from "../library/definitions.ts";
import type { Manager, PutOptions, Stored } from "../library/manage.ts";
import type { LibraryReader } from "../library/reading.ts";
import type { User } from "../library/user.ts";
import { convertTemplate } from "../program/convert-template.ts";
import { parseDefinition } from "../program/definition.ts";
import { tokenize } from "../program/tokens.ts";

/** A file of functions and tools, as written by hand or by export. */
export interface Bundle {
  readonly functions: readonly FunctionBody[];
  readonly tools: readonly ToolBody[];
}

export interface Imported {
  readonly item: string;
  readonly outcome: "created" | "unchanged" | "updated" | "failed";
  readonly warnings: readonly string[];
  readonly error?: string;
}

export interface Importer {
  /** Everything that can be imported is; the rest is told with its reason. */
  import(user: User, bundle: Bundle, options?: PutOptions): Promise<Imported[]>;
  export(): Bundle;
}

const looseFunction = z.looseObject({ name: z.string(), definition: z.string() });
const looseTool = z.looseObject({
  name: z.string(),
  query: z.string().optional(),
  program: z.string().optional(),
});

/** Reads what a seed file holds; `${x}` placeholders become bound parameters. VALIDATION_ERROR names the entry. */
export function readBundle(value: unknown): Bundle {
  const given = z
    .looseObject({ functions: z.array(looseFunction).nullish(), tools: z.array(looseTool).nullish() })
    .safeParse(value ?? {});
  if (!given.success) throw badFile(z.prettifyError(given.error));
  const functions = (given.data.functions ?? []).map((entry) => {
    const { name, definition, description, depends_on, cases, pins, parameters } = entry;
    return parse(
      functionBodySchema,
      { name, definition, description, depends_on, cases, pins, parameters: parametersOf(parameters) },
      `functions ${name}`,
    );
  });
  const tools = (given.data.tools ?? []).map((entry) => {
    const {
      name,
      query,
      program,
      examples,
      cases,
      description,
      datasets,
      input_mode,
      required_functions,
      migrate,
      pins,
    } = entry;
    const parameters = parametersOf(entry.parameters);
    const text = program ?? query;
    if (text === undefined) throw badFile(`tools ${name}: neither program nor query`);
    const isString = (parameter: string) =>
      parameters.some((one) => one.name === parameter && (one.type ?? "string") === "string");
    const bound = tokenize(text).tokens.some(({ kind }) => kind === "template")
      ? convertTemplate(text, isString).program
      : text;
    return parse(
      toolBodySchema,
      {
        name,
        program: bound,
        description,
        datasets,
        input_mode,
        required_functions,
        migrate,
        pins,
        cases: cases ?? examples,
        parameters,
      },
      `tools ${name}`,
    );
  });
  return { functions, tools };
}

function parametersOf(value: unknown): { name?: string; type?: string }[] {
  return Array.isArray(value) ? value : [];
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: Record<string, unknown>,
  place: string,
): z.output<Schema> {
  const known = Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
  const parsed = schema.safeParse(known);
  if (parsed.success) return parsed.data;
  throw badFile(`${place}: ${z.prettifyError(parsed.error)}`);
}

function badFile(problem: string): ToolError {
  return new ToolError("VALIDATION_ERROR", `The library file is not valid: ${problem.slice(0, 600)}`, {
    details: { reason: "bundle" },
  });
}

export function createImporter(reader: LibraryReader, manager: Manager): Importer {
  return {
    async import(user, bundle, options = {}) {
      const results: Imported[] = [];
      let left: Definition[] = [
        ...bundle.functions.map(functionDefinition),
        ...bundle.tools.map((body): Definition => ({ kind: "tool", key: body.name, body })),
      ];
      // A function may stand before one it calls: what waits for another is tried again.
      for (let before = left.length + 1; left.length > 0 && left.length < before; ) {
        before = left.length;
        const waiting: Definition[] = [];
        for (const definition of left) {
          const existed = reader.item(itemOf(definition))?.active != null;
          const stored = await manager
            .put(user, definition, { source: "yaml", ...options })
            .catch((error: unknown) => error);
          if (isToolError(stored) && stored.code === "NOT_FOUND" && stored.details?.reason === "function")
            waiting.push(definition);
          else results.push(outcomeOf(definition, stored, existed));
        }
        left = waiting;
      }
      for (const definition of left) {
        const error = await manager.put(user, definition, options).catch((thrown: unknown) => thrown);
        results.push(outcomeOf(definition, error, false));
      }
      return results;
    },
    export() {
      const bodies = (kind: "function" | "tool") =>
        reader
          .items(kind)
          .flatMap(({ active }) => (active === null ? [] : [reader.version(active)?.body]))
          .filter((body) => body !== undefined);
      return { functions: bodies("function") as FunctionBody[], tools: bodies("tool") as ToolBody[] };
    },
  };
}

function functionDefinition(body: FunctionBody): Definition {
  const { arity } = parseDefinition(body.definition);
  return { kind: "function", key: `${body.name}/${arity}`, arity, body };
}

function outcomeOf(definition: Definition, result: unknown, existed: boolean): Imported {
  const item = itemOf(definition);
  if (isToolError(result))
    return { item, outcome: "failed", warnings: [], error: `${result.code}: ${result.message}` };
  if (result instanceof Error) throw result;
  const { changed, warnings } = result as Stored;
  return { item, outcome: changed ? (existed ? "updated" : "created") : "unchanged", warnings };
}
