import { isToolError, ToolError } from "@mcp-data/core";
import { requireProgramSize } from "../engine/check-job.ts";
import type { Engine } from "../engine/engine.ts";
import { defaultLimits } from "../engine/limits.ts";
import { parseDefinition } from "./definition.ts";
import { checkPolicy } from "./policy.ts";

/** What a program needs from outside. */
export interface Needs {
  /** `name/arity`, sorted. */
  readonly functions: readonly string[];
  /** Free variables without `$`, sorted. */
  readonly variables: readonly string[];
}

export interface Compiler {
  /** VALIDATION_ERROR with line and column in the author's own text when the program is not valid jq. */
  program(text: string, owner: string): Promise<Needs>;
  /** The same for one `def`. */
  definition(text: string, owner: string): Promise<Needs>;
  /** `name/arity` of everything the engine knows by itself. */
  builtins(): Promise<ReadonlySet<string>>;
}

const limits = { ...defaultLimits, timeoutMs: 5_000 };
const maxRounds = 40;
const undefinedName = /jq: error: (\$?[A-Za-z_][\w:]*)(?:\/(\d+))? is not defined/g;

/** Compiles on the engine itself without running anything: undefined names are stubbed until it has no complaint. */
export function createCompiler(engine: Engine, maxKept = 2_000): Compiler {
  const known = new Map<string, Promise<Needs>>();
  let builtins: Promise<ReadonlySet<string>> | undefined;

  const remembered = (key: string, make: () => Promise<Needs>): Promise<Needs> => {
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    if (known.size >= maxKept) known.delete(known.keys().next().value as string);
    known.set(key, made);
    // A busy engine must not be remembered as a fault of the program.
    made.catch(() => known.delete(key));
    return made;
  };

  async function needsOf(text: string, owner: string, before: string, after: string): Promise<Needs> {
    requireProgramSize(text, limits.programBytes);
    checkPolicy(text);
    const functions = new Map<string, number>();
    const variables = new Set<string>();
    for (let round = 0; round < maxRounds; round += 1) {
      const stubs = [...functions]
        .map(([name, arity]) => stub(name.slice(0, name.lastIndexOf("/")), arity))
        .join("");
      try {
        await engine.run({
          program: `${stubs}${before}\n${text}\n\n${after}`,
          args: Object.fromEntries([...variables].map((name) => [name, null])),
          input: { kind: "none" },
          limits,
          owner,
        });
        return { functions: [...functions.keys()].sort(), variables: [...variables].sort() };
      } catch (error) {
        if (!isToolError(error) || error.details?.reason !== "compile") throw error;
        const message = `jq: error: ${error.message.replace(/^jq: error: /, "")}`;
        let found = false;
        for (const [, name = "", arity] of message.matchAll(undefinedName)) {
          if (name.startsWith("$")) {
            if (name.startsWith("$__") || variables.has(name.slice(1))) continue;
            variables.add(name.slice(1));
            found = true;
          } else if (arity !== undefined && !functions.has(`${name}/${arity}`)) {
            functions.set(`${name}/${arity}`, Number(arity));
            found = true;
          }
        }
        if (!found) throw inAuthorsText(error.message, text);
      }
    }
    throw new ToolError("VALIDATION_ERROR", `The program uses more than ${maxRounds} unknown names.`, {
      details: { reason: "compile" },
    });
  }

  return {
    program: (text, owner) => remembered(`p${text}`, () => needsOf(text, owner, "empty|(", ")")),
    definition: (text, owner) =>
      remembered(`d${text}`, async () => {
        const { name, arity } = parseDefinition(text);
        // What nobody calls is never looked into.
        const call = arity === 0 ? name : `${name}(${Array.from({ length: arity }, () => ".").join("; ")})`;
        return needsOf(text, owner, "", `empty|${call}`);
      }),
    builtins() {
      builtins ??= engine
        .run({ program: "[builtins]", input: { kind: "none" }, limits, owner: "compiler" })
        .then(({ output }) => {
          const names = (JSON.parse(Buffer.from(output ?? []).toString()) as string[][]).flat();
          return new Set([...names, "empty/0", "not/0", "error/0", "path/1", "range/2"]);
        });
      builtins.catch(() => {
        builtins = undefined;
      });
      return builtins;
    },
  };
}

function stub(name: string, arity: number): string {
  const parameters = Array.from({ length: arity }, (_, i) => `a${i}`).join("; ");
  return `def ${name}${arity === 0 ? "" : `(${parameters})`}: empty; `;
}

/** The compiler counts its own first line; the author's text begins on the second. */
function inAuthorsText(message: string, text: string): ToolError {
  const line = Number(/, line (\d+)/.exec(message)?.[1] ?? 0) - 1;
  if (line > text.split("\n").length && message.includes("unexpected"))
    return new ToolError("VALIDATION_ERROR", "The program ends too early.", {
      hint: `At the end of: ${text.trim().slice(-160)}`,
      details: { reason: "compile" },
    });
  return withPlace(new ToolError("VALIDATION_ERROR", message, { details: { reason: "compile" } }), 1, text);
}

/** The same failure with its line counted from the author's first, and the text of that line. */
export function withPlace(error: ToolError, linesBefore: number, text: string): ToolError {
  const match = /at [^,]*, line (\d+)(?:, column (\d+))?:?/.exec(error.message);
  if (match === null) return error;
  const lines = text.split("\n");
  const line = Math.min(Math.max(1, Number(match[1]) - linesBefore), lines.length);
  const column = match[2] === undefined ? undefined : Number(match[2]);
  const what = error.message.slice(0, match.index).trim().replace(/[:,]$/, "");
  return new ToolError(
    error.code,
    `Line ${line}${column === undefined ? "" : `, column ${column}`}: ${what}.`,
    {
      hint: `In: ${(lines[line - 1] ?? "").trim().slice(0, 160)}`,
      details: { ...error.details, line, ...(column === undefined ? {} : { column }) },
    },
  );
}
