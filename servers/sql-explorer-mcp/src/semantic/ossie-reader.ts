import type { z } from "zod";
import { checkShape, configError, fieldPath } from "../document/config-error.ts";
import { quote } from "../document/warnings.ts";
import { noContext } from "./draft.ts";
import { readExpression } from "./expression.ts";
import { vendor } from "./extension.ts";
import type { AiContext, Expression } from "./model.ts";
import type { OssieAiContext, OssieExpression, OssieExtensions } from "./ossie-schema.ts";

export type Path = readonly PropertyKey[];

/** Goes through one document and collects what is odd in it. */
export interface Reader {
  readonly what: string;
  readonly warnings: string[];
}

/** Our extension's data; extensions of other vendors are not read. */
export function extension<T>(schema: z.ZodType<T>, all: OssieExtensions, path: Path, { what }: Reader): T {
  const at = (all ?? []).findIndex((one) => one.vendor_name === vendor);
  const here = [...path, "custom_extensions", Math.max(0, at), "data"];
  const data = at < 0 ? {} : (all?.[at]?.data ?? {});
  const value = typeof data === "string" ? jsonOf(data) : data;
  if (value === undefined) {
    throw configError({
      what,
      field: fieldPath(here),
      problem: "it is not JSON",
      fix: "Correct the JSON text.",
    });
  }
  return checkShape(schema, value, what, here);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function expressionsOf({ dialects }: OssieExpression): readonly Expression[] {
  return dialects.map(({ dialect, expression }) => ({ dialect: dialect.toUpperCase(), sql: expression }));
}

export function plainColumn(expressions: readonly Expression[], dataset: string): string | undefined {
  const sql =
    expressions.find((expression) => expression.dialect === "ANSI_SQL")?.sql ?? expressions[0]?.sql ?? "";
  const reading = readExpression(sql);
  const plain = "fault" in reading ? undefined : reading.plain;
  const [first, second] = plain ?? [];
  if (second === undefined) return first;
  return first === dataset ? second : undefined;
}

export function contextOf(raw: OssieAiContext): AiContext {
  if (raw === undefined || raw === null) return noContext;
  if (typeof raw === "string") return { instructions: raw, synonyms: [], examples: [] };
  return {
    ...optional("instructions", raw.instructions),
    synonyms: raw.synonyms ?? [],
    examples: raw.examples ?? [],
  };
}

/** Keys the draft of the specification may have gained; a misspelling shows here as well. */
export function note(raw: object, known: readonly string[], path: Path, { warnings }: Reader): void {
  const strange = Object.keys(raw).filter((key) => !known.includes(key));
  if (strange.length === 0) return;
  const at = path.length === 0 ? "" : `, ${fieldPath(path)}`;
  warnings.push(`Semantic model${at}: ignored ${strange.slice(0, 5).map(quote).join(", ")}.`);
}

export function optional<K extends string, V>(
  key: K,
  value: V | null | undefined,
): { readonly [P in K]?: V } {
  return (value === undefined || value === null ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
