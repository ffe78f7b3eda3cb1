import { ToolError } from "@mcp-data/core";
import { formatArray } from "./array-text.ts";
import { oid, type ServerTypes, typeName } from "./types.ts";

/** Arrays and objects have no text form of their own: it depends on the type the server infers. */
export function needsTypes(params: readonly unknown[]): boolean {
  return params.some((value) => typeof value === "object" && value !== null);
}

/** JSON values as the server's text. VALIDATION_ERROR names the parameter that does not fit its type. */
export function paramTexts(
  params: readonly unknown[],
  inferred?: { readonly oids: readonly number[]; readonly types: ServerTypes },
): (string | null)[] {
  return params.map((value, index) => {
    if (typeof value !== "object" || value === null) return scalar(value, index);
    const type = inferred?.oids[index] ?? 0;
    if (type === oid.json || type === oid.jsonb) return JSON.stringify(value);
    if (Array.isArray(value) && inferred?.types.get(type)?.element !== undefined) {
      const element = inferred.types.get(type)?.element;
      const json = element === oid.json || element === oid.jsonb;
      return formatArray(value, (item) =>
        json && item !== null ? JSON.stringify(item) : scalar(item, index),
      );
    }
    const expected = inferred === undefined ? "another type" : typeName(inferred.types, type, -1);
    throw new ToolError(
      "VALIDATION_ERROR",
      `Parameter $${index + 1} is ${Array.isArray(value) ? "an array" : "an object"}, but the statement uses it as ${expected}.`,
      {
        hint: `Pass a single value, or cast the parameter in the statement: $${index + 1}::jsonb, = ANY($${index + 1}::bigint[]).`,
        details: { parameter: index + 1, expected },
      },
    );
  });
}

function scalar(value: unknown, index: number): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return withoutNul(value, index);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  throw new ToolError("VALIDATION_ERROR", `Parameter $${index + 1} holds a value that SQL has no type for.`, {
    hint: "Use strings, numbers, booleans, null, or arrays of these.",
    details: { parameter: index + 1 },
  });
}

function withoutNul(value: string, index: number): string {
  if (!value.includes("\0")) return value;
  throw new ToolError("VALIDATION_ERROR", `Parameter $${index + 1} contains a NUL character.`, {
    hint: "PostgreSQL text cannot hold it; remove it.",
    details: { parameter: index + 1 },
  });
}
