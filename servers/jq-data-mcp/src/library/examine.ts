import { canonicalJson, isToolError, ToolError } from "@mcp-data/core";
import type { Engine, InputMode } from "../engine/engine.ts";
import { defaultLimits } from "../engine/limits.ts";
import { buildProgram, closureOf, type FunctionSource } from "../program/closure.ts";
import { type Compiler, withPlace } from "../program/compile.ts";
import { parseDefinition } from "../program/definition.ts";
import { argumentsSchema, bindArguments, type Parameter } from "../program/parameters.ts";
import { checkPolicy, policyWarnings } from "../program/policy.ts";
import { checkSize } from "./definition-size.ts";
import type { Case, Definition, FunctionBody, ToolBody } from "./definitions.ts";
import { itemOf } from "./definitions.ts";
import { definitionOf, type LibraryReader } from "./reading.ts";

export interface CaseResult {
  readonly name: string;
  readonly ok: boolean;
  readonly got?: readonly unknown[];
  readonly error?: string;
}

export interface Examination {
  readonly uses: readonly string[];
  readonly warnings: readonly string[];
  readonly cases: readonly CaseResult[];
}

export interface Impact {
  readonly item: string;
  readonly failed: readonly CaseResult[];
  readonly passed: number;
}

export interface Examiner {
  /** Compiles, resolves and tests a definition as if it were active. VALIDATION_ERROR, NOT_FOUND, CONFLICT. */
  examine(definition: Definition, owner: string): Promise<Examination>;
  /** Dependents' cases with the definition in place of the active one. */
  impact(definition: Definition, uses: readonly string[], owner: string): Promise<Impact[]>;
  runCases(parts: CaseParts): Promise<CaseResult[]>;
  readonly engineVersion: string;
}

export interface CaseParts {
  /** Whose share of the engine the cases take. */
  readonly owner: string;
  readonly program: string;
  readonly uses: readonly string[];
  readonly pins?: Readonly<Record<string, string>> | undefined;
  readonly parameters: readonly Parameter[];
  readonly mode: InputMode;
  readonly cases: readonly Case[];
  readonly source?: FunctionSource;
  readonly signal?: AbortSignal;
}

const caseLimits = { ...defaultLimits, timeoutMs: 5_000, outputBytes: 1_000_000 };

export function createExaminer(reader: LibraryReader, compiler: Compiler, engine: Engine): Examiner {
  async function runCases({ cases, ...parts }: CaseParts): Promise<CaseResult[]> {
    const source = parts.source ?? reader;
    const results: CaseResult[] = [];
    for (const [at, one] of cases.entries()) {
      const name = one.name ?? `case ${at + 1}`;
      try {
        const functions = closureOf(parts.uses, source, parts.pins);
        const own = one.call ?? parts.program;
        const built = buildProgram(own, functions);
        const input = JSON.stringify(one.input ?? null);
        const result = await engine
          .run({
            program: built.text,
            args: bindArguments(parts.parameters, one.arguments),
            input: { kind: "bytes", bytes: Buffer.from(input), split: parts.mode !== "whole" },
            nullInput: parts.mode === "reduce",
            limits: caseLimits,
            owner: parts.owner,
            ...(parts.signal === undefined ? {} : { signal: parts.signal }),
          })
          .catch((error) => {
            throw isToolError(error) ? withPlace(error, built.linesBefore, own) : error;
          });
        const got = Buffer.from(result.output ?? [])
          .toString()
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line));
        const ok = canonicalJson(got) === canonicalJson(one.expect);
        results.push(ok ? { name, ok } : { name, ok, got: got.slice(0, 20) });
      } catch (error) {
        if (!isToolError(error) || error.code === "UNAVAILABLE" || error.code === "CANCELLED") throw error;
        // Every further case would hold everybody up as long.
        if (error.details?.reason === "pattern_time") throw error;
        results.push({ name, ok: false, error: `${error.code}: ${error.message}`.slice(0, 300) });
      }
    }
    return results;
  }

  /** The library with one definition put in. */
  const withCandidate = (definition: Definition, uses: readonly string[]): FunctionSource => ({
    find(key, pinned) {
      if (definition.kind !== "function" || key !== definition.key || pinned !== undefined)
        return reader.find(key, pinned);
      const { definition: text, pins } = definition.body;
      return { key, version: "candidate", definition: text, uses, ...(pins === undefined ? {} : { pins }) };
    },
  });

  /** A test that never calls what it tests would prove nothing. */
  async function requireCalls(cases: readonly Case[], key: string, owner: string): Promise<void> {
    for (const [at, { name = `case ${at + 1}`, call }] of cases.entries()) {
      if (call === undefined) continue;
      const { functions } = await compiler.program(call, owner).catch((error) => {
        throw isToolError(error) && error.code === "VALIDATION_ERROR"
          ? invalid(`The call of test "${name}": ${error.message}`, "case_call")
          : error;
      });
      if (!functions.includes(key)) throw invalid(`The test "${name}" never calls ${key}.`, "case_call");
    }
  }

  async function examineFunction(
    definition: Definition & { kind: "function" },
    owner: string,
  ): Promise<Examination> {
    const { body, key } = definition;
    const parsed = parseDefinition(body.definition);
    if (`${parsed.name}/${parsed.arity}` !== key) {
      throw invalid(`The definition is of ${parsed.name}/${parsed.arity}, not of ${key}.`, "name");
    }
    if ((await compiler.builtins()).has(key)) throw invalid(`${key} is a builtin of jq.`, "builtin");
    argumentsSchema(body.parameters);
    const needs = await compiler.definition(body.definition, owner);
    if (needs.variables.length > 0) {
      throw invalid(`$${needs.variables[0]} is not a parameter of the function.`, "variable");
    }
    await requireCalls(body.cases, key, owner);
    const source = withCandidate(definition, needs.functions);
    // From itself, so that a circle back to it is found.
    closureOf([key], source, body.pins);
    const cases = await runCases({
      owner,
      program: definition.arity === 0 ? parsed.name : 'error("this case needs a call")',
      uses: [key],
      pins: body.pins,
      parameters: [],
      mode: "whole",
      cases: body.cases,
      source,
    });
    return {
      uses: needs.functions,
      cases,
      warnings: difference("depends_on", body.depends_on, needs.functions),
    };
  }

  async function examineTool({ body }: Definition & { kind: "tool" }, owner: string): Promise<Examination> {
    const tokens = checkPolicy(body.program);
    argumentsSchema(body.parameters);
    const needs = await compiler.program(body.program, owner);
    const declared = body.parameters.map(({ name }) => name);
    const unknown = needs.variables.filter((name) => !declared.includes(name));
    if (unknown.length > 0)
      throw invalid(`$${unknown.join(", $")} is used and not declared as a parameter.`, "variable");
    closureOf(needs.functions, reader, body.pins);
    const cases = await runCases({
      owner,
      program: body.program,
      uses: needs.functions,
      pins: body.pins,
      parameters: body.parameters,
      mode: body.input_mode,
      cases: body.cases,
    });
    const unused = declared.filter((name) => !needs.variables.includes(name));
    return {
      uses: needs.functions,
      cases,
      warnings: [
        ...policyWarnings(tokens, body.input_mode),
        ...(unused.length > 0 ? [`Parameters never used: ${unused.join(", ")}.`] : []),
        ...difference("required_functions", body.required_functions, needs.functions),
      ],
    };
  }

  return {
    engineVersion: `${engine.version.kind} ${engine.version.jq}`,
    runCases,
    async examine(definition, owner) {
      checkSize(definition);
      return definition.kind === "function"
        ? examineFunction(definition, owner)
        : examineTool(definition, owner);
    },
    async impact(definition, uses, owner) {
      if (definition.kind !== "function") return [];
      const source = withCandidate(definition, uses);
      const found: Impact[] = [];
      for (const { active, item } of reader.dependents(definition.key)) {
        const version = active === null ? undefined : reader.version(active);
        if (version === undefined || item === itemOf(definition)) continue;
        const dependent = definitionOf(version);
        const needs = reader.uses(version.id);
        const parts =
          dependent.kind === "tool"
            ? toolParts(dependent.body)
            : functionParts(dependent.body, dependent.key, dependent.arity);
        const results = await runCases({
          ...parts,
          owner,
          uses: dependent.kind === "tool" ? needs : [dependent.key],
          pins: dependent.body.pins,
          source,
        });
        found.push({
          item,
          failed: results.filter(({ ok }) => !ok),
          passed: results.filter(({ ok }) => ok).length,
        });
      }
      return found;
    },
  };
}

function toolParts(body: ToolBody) {
  return { program: body.program, parameters: body.parameters, mode: body.input_mode, cases: body.cases };
}

function functionParts(body: FunctionBody, key: string, arity: number) {
  const program = arity === 0 ? (key.split("/")[0] ?? "") : 'error("this case needs a call")';
  return { program, parameters: [], mode: "whole" as const, cases: body.cases };
}

function difference(
  field: string,
  declared: readonly string[] | undefined,
  found: readonly string[],
): string[] {
  if (declared === undefined) return [];
  const names = new Set(found.flatMap((key) => [key, key.split("/")[0] ?? key]));
  const missing = declared.filter((name) => !names.has(name));
  const extra = found.filter(
    (key) => !declared.includes(key) && !declared.includes(key.split("/")[0] ?? key),
  );
  return [
    ...(missing.length > 0 ? [`${field} names ${missing.join(", ")}, which the program does not call.`] : []),
    ...(extra.length > 0 ? [`${field} leaves out ${extra.join(", ")}, which the program calls.`] : []),
  ];
}

function invalid(message: string, reason: string): ToolError {
  return new ToolError("VALIDATION_ERROR", message, { hint: "Correct the definition.", details: { reason } });
}
