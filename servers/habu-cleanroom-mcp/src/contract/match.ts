import { type OperationId, operationIds, operationOf } from "./operations.ts";

export type Match =
  | { readonly kind: "declared"; readonly id: OperationId; readonly path: Readonly<Record<string, string>> }
  /** The path exists, with other methods. */
  | { readonly kind: "wrong_method"; readonly allowed: readonly string[] }
  | { readonly kind: "unknown" };

interface Template {
  readonly id: OperationId;
  readonly method: string;
  readonly segments: readonly string[];
}

const templates: readonly Template[] = operationIds.map((id) => {
  const { method, path } = operationOf(id);
  return { id, method, segments: path.split("/").slice(1) };
});

/** The operation behind a method and a path (without base and query); fixed segments win over variables. */
export function matchOperation(method: string, path: string): Match {
  const segments = path.split("/").slice(1);
  const fitting = templates.filter((template) => fits(template.segments, segments));
  const most = Math.max(...fitting.map((template) => fixedCount(template.segments)));
  const best = fitting.filter((template) => fixedCount(template.segments) === most);
  const found = best.find((template) => template.method === method);
  if (found !== undefined)
    return { kind: "declared", id: found.id, path: variables(found.segments, segments) };
  if (best.length === 0) return { kind: "unknown" };
  return { kind: "wrong_method", allowed: best.map((template) => template.method) };
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, at) => (isVariable(part) ? segments[at] !== "" : part === segments[at]))
  );
}

function variables(template: readonly string[], segments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    template.flatMap((part, at) =>
      isVariable(part) ? [[part.slice(1, -1), decoded(segments[at] as string)]] : [],
    ),
  );
}

const isVariable = (part: string): boolean => part.startsWith("{");
const fixedCount = (segments: readonly string[]): number =>
  segments.filter((part) => !isVariable(part)).length;

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
