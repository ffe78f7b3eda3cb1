import { type ConfigProblem, fieldPath } from "./config-error.ts";
import { mapText, type Path } from "./tree.ts";

export type Env = Readonly<Record<string, string | undefined>>;

export interface Interpolated {
  readonly value: unknown;
  /** Fields whose whole text came from variables; they may stand for a number or a switch. */
  readonly filled: readonly Path[];
  readonly problems: readonly ConfigProblem[];
}

const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/** Fills in `${NAME}` and `${NAME:-default}`; `$${` stands for `${`. What is filled in is text and is not read again. */
export function interpolate(root: unknown, env: Env): Interpolated {
  const filled: Path[] = [];
  const problems: ConfigProblem[] = [];
  const value = mapText(root, (text, path) => {
    if (!text.includes("${")) return text;
    if (/^\$\{[^}]*\}$/.test(text)) filled.push(path);
    return text.replace(reference, (whole, name: string | undefined, fallback: string | undefined) => {
      if (whole === "$${") return "${";
      if (name === undefined) {
        const fix = "Write ${NAME} with letters, digits and _, or $${ for a literal ${.";
        problems.push({ field: fieldPath(path), problem: "holds a ${ that names no variable", fix });
        return "";
      }
      const found = env[name];
      if (found !== undefined && (found !== "" || fallback === undefined)) return found;
      if (fallback !== undefined) return fallback;
      problems.push({
        field: fieldPath(path),
        problem: `needs the environment variable ${name}, which is not set`,
        fix: `Set it, or write \${${name}:-default}.`,
      });
      return "";
    });
  });
  return { value, filled, problems };
}
