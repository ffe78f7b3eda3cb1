import { ToolError } from "@mcp-data/core";
import { checkValue } from "./check-value.ts";
import { matchOperation } from "./match.ts";
import { type OperationId, operationOf } from "./operations.ts";

export interface PreparedRequest {
  readonly id: OperationId;
  readonly method: string;
  /** Below the base URL, segments encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly body: unknown;
}

export interface RawArgs {
  readonly path?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
}

const strict = { strict: true, words: true, required: true };

/** The only way to make a request. VALIDATION_ERROR when anything in it is not declared by the contract. */
export function prepareRequest(id: OperationId, args: RawArgs): PreparedRequest {
  const operation = operationOf(id);
  const path = operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    segment(id, name, args.path?.[name]),
  );
  const given = Object.entries(args.query ?? {}).filter(([, value]) => value !== undefined);
  const declared = operation.query ?? {};
  const problems = [
    ...given.flatMap(([name]) => (Object.hasOwn(declared, name) ? [] : [`query.${name} is not declared`])),
    ...Object.entries(declared).flatMap(([name, type]) => {
      const value = args.query?.[name];
      if (value === undefined) return type.endsWith("!") ? [`query.${name} is missing`] : [];
      return checkValue(type, value, strict, `query.${name}`);
    }),
    ...bodyProblems(operation.body, args.body),
  ];
  if (problems.length > 0) throw refused(id, problems);
  const query = Object.fromEntries(
    given.map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)]),
  );
  return { id, method: operation.method, path, query, body: args.body };
}

/** A second, independent look at what is about to leave: method and path must be those of `id`. */
export function assertDeclared(id: OperationId, method: string, path: string): void {
  const match = matchOperation(method.toUpperCase(), path);
  if (match.kind === "declared" && match.id === id) return;
  throw refused(id, [`${method.toUpperCase()} ${path} is not this operation`]);
}

function bodyProblems(type: string | undefined, body: unknown): string[] {
  if (type === undefined) return body === undefined ? [] : ["body is not declared"];
  if (body === undefined) return type.endsWith("?") ? [] : ["body is missing"];
  return checkValue(type.replace("?", ""), body, strict);
}

function segment(id: OperationId, name: string, value: string | undefined): string {
  if (value === undefined || value === "" || value === "." || value === ".." || value.length > 300) {
    throw refused(id, [`path.${name} is not usable`]);
  }
  return encodeURIComponent(value);
}

function refused(id: OperationId, problems: readonly string[]): ToolError {
  return new ToolError(
    "VALIDATION_ERROR",
    `The request ${id} does not fit the platform's contract: ${problems.join("; ")}.`,
    {
      hint: "Correct the named values. Nothing was sent.",
      details: { reason: "CONTRACT", operation: id },
    },
  );
}
