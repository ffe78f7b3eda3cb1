import type { ConfigProblem } from "./config-error.ts";
import type { Env } from "./interpolate.ts";
import { readSecretFile } from "./secret.ts";
import type { Path } from "./tree.ts";

/** An environment variable that sets a field. */
export interface EnvField {
  /** `SHOP_HTTP`; a secret may instead come from the file named by `SHOP_HTTP_FILE`. */
  readonly name: string;
  readonly field: string;
  readonly type?: "text" | "number" | "boolean" | "list" | "secret";
}

interface Setting {
  readonly from: string;
  readonly path: Path;
  readonly value: unknown;
}

/** An empty variable counts as not set: compose files pass those on. */
export function readEnvFields(fields: readonly EnvField[], env: Env) {
  const settings: Setting[] = [];
  const problems: ConfigProblem[] = [];
  for (const field of fields) {
    const read = readOne(field, env);
    if (read === undefined) continue;
    const from = `$${read.name}`;
    if ("problem" in read) problems.push({ field: field.field, from, problem: read.problem, fix: read.fix });
    else settings.push({ from, path: field.field.split("."), value: read.value });
  }
  return { settings, problems };
}

type Read = { name: string } & ({ value: unknown } | { problem: string; fix: string });

function readOne({ name, type = "text" }: EnvField, env: Env): Read | undefined {
  const text = env[name] || undefined;
  const twin = `${name}_FILE`;
  const file = type === "secret" ? env[twin] || undefined : undefined;
  if (file !== undefined) {
    if (text !== undefined) return { name, problem: `is set, and ${twin} too`, fix: "Keep one of the two." };
    const content = readSecretFile(file);
    if (content.ok) return { name: twin, value: content.text };
    return {
      name: twin,
      problem: content.problem,
      fix: "Point it at a readable file holding only the secret.",
    };
  }
  if (text === undefined) return undefined;
  const value = convert(text.trim(), type, text);
  if (value !== undefined) return { name, value };
  return {
    name,
    problem: `must be ${type === "number" ? "a number" : "true or false"}, got text`,
    fix: "Correct or unset it.",
  };
}

function convert(word: string, type: NonNullable<EnvField["type"]>, text: string): unknown {
  if (type === "number") return /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : undefined;
  if (type === "list")
    return word
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  if (type !== "boolean") return text;
  if (/^(true|1|yes|on)$/i.test(word)) return true;
  return /^(false|0|no|off)$/i.test(word) ? false : undefined;
}
