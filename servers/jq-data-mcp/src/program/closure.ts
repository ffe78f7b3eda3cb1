import { ToolError } from "@mcp-data/core";

/** One version of a library function, as programs are put together from it. */
export interface LibraryFunction {
  /** `name/arity`. */
  readonly key: string;
  /** Of the exact version. */
  readonly version: string;
  readonly definition: string;
  /** `name/arity` it calls. */
  readonly uses: readonly string[];
  /** Versions its author fixed; the rest follow the active ones. */
  readonly pins?: Readonly<Record<string, string>>;
}

export interface FunctionSource {
  /** The active version, or the pinned one; undefined when there is none. */
  find(key: string, version?: string): LibraryFunction | undefined;
}

/**
 * Everything `uses` needs, each before who needs it. NOT_FOUND names what is missing, CONFLICT a circle or two pinned
 * versions of one function.
 */
export function closureOf(
  uses: readonly string[],
  source: FunctionSource,
  pins: Readonly<Record<string, string>> = {},
): LibraryFunction[] {
  const done = new Map<string, LibraryFunction>();
  const path: string[] = [];

  const visit = (key: string, pin: string | undefined, neededBy: string) => {
    const ready = done.get(key);
    if (ready !== undefined) {
      if (pin === undefined || ready.version === pin) return;
      throw new ToolError("CONFLICT", `${key} is needed in two versions, ${ready.version} and ${pin}.`, {
        hint: "Pin one version, or none.",
        details: { reason: "two_versions", function: key },
      });
    }
    if (path.includes(key)) {
      throw new ToolError(
        "CONFLICT",
        `Functions call each other in a circle: ${[...path.slice(path.indexOf(key)), key].join(" → ")}.`,
        {
          hint: "jq has no mutual recursion between definitions; join them into one.",
          details: { reason: "cycle" },
        },
      );
    }
    const found = source.find(key, pin);
    if (found === undefined) {
      throw new ToolError(
        "NOT_FOUND",
        `${neededBy} calls ${key}, which is neither a builtin nor in the library.`,
        {
          hint: "search_library finds functions; arity is part of the name.",
          details: { reason: "function", function: key },
        },
      );
    }
    path.push(key);
    for (const inner of found.uses) visit(inner, found.pins?.[inner] ?? pins[inner], key);
    path.pop();
    done.set(key, found);
  };
  for (const key of uses) visit(key, pins[key], "The program");
  return [...done.values()];
}

export interface BuiltProgram {
  readonly text: string;
  /** Lines in front of the author's first one. */
  readonly linesBefore: number;
  readonly functions: readonly LibraryFunction[];
}

/** Library functions in front of the author's own text. */
export function buildProgram(own: string, functions: readonly LibraryFunction[]): BuiltProgram {
  // A comment that ends in a backslash goes on in the next line, which is therefore empty.
  const prelude = functions.map(({ definition }) => `${definition.trim()}\n\n`).join("");
  return { text: prelude + own, linesBefore: prelude.split("\n").length - 1, functions };
}
