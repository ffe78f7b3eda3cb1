import type { CompiledPolicy } from "../compiled-policy.ts";
import { clipName } from "../names.ts";
import type { GateCatalog } from "../policy.ts";
import { allowedFunctions, builtinFunctions, builtinOperators, builtinTypes } from "./builtins.generated.ts";
import { functionHint } from "./function-hints.ts";
import { refuse } from "./refusal.ts";

/** Refuses a call that is not on the list; returns the name as reported. */
export function judgeFunction(
  parts: readonly string[],
  policy: CompiledPolicy,
  catalog: GateCatalog | undefined,
): string {
  const [first = "", second] = parts;
  if (parts.length === 1) {
    if (configured(first, undefined, policy)) return first;
    if (!allowedFunctions.has(first)) return refuseFunction(first);
    const shadow = shadowing(first, catalog);
    if (shadow !== undefined) {
      return refuse(
        "dangerous_function",
        `${clipName(first)}() could call ${clipName(shadow)}, a function of this database.`,
        `Write pg_catalog.${first}(…) for the built-in one.`,
        { function: clipName(first) },
      );
    }
    return first;
  }
  if (second === undefined || parts.length > 2) return refuseFunction(parts.join("."));
  if (first === "pg_catalog") {
    if (allowedFunctions.has(second) || policy.extraFunctions.has(second)) return second;
    return refuseFunction(second);
  }
  const name = `${first}.${second}`;
  if (configured(second, first, policy)) return name;
  return refuseFunction(name);
}

/** Whether the configuration opens a function: by `schema.name`, by name in an allowed schema, or by prefix. */
function configured(name: string, schema: string | undefined, policy: CompiledPolicy): boolean {
  if (schema !== undefined) {
    if (policy.extraFunctions.has(`${schema}.${name}`)) return true;
    if (!policy.schema(schema) || isSystemSchema(schema)) return false;
  } else if (policy.schemas.some((allowed) => policy.extraFunctions.has(`${allowed}.${name}`))) {
    return true;
  }
  if (policy.extraFunctions.has(name)) return true;
  return !reservedName(name) && policy.extraPrefixes.some((prefix) => name.startsWith(prefix));
}

/** Names a prefix must never open, whatever release the server is. */
function reservedName(name: string): boolean {
  return builtinFunctions.has(name) || /^(pg_|lo_|txid_|dblink|binary_upgrade_)/.test(name);
}

export function shadowing(name: string, catalog: GateCatalog | undefined): string | undefined {
  const found = catalog?.searchPath.find((schema) => catalog.userFunctions?.has(`${schema}.${name}`));
  return found === undefined ? undefined : `${found}.${name}`;
}

export function judgeOperator(
  parts: readonly string[],
  policy: CompiledPolicy,
  catalog: GateCatalog | undefined,
): void {
  const symbol = parts.at(-1) ?? "";
  const schema = parts.length > 1 ? parts.slice(0, -1).join(".") : undefined;
  if (schema === undefined) {
    const shadow = shadowing(symbol, catalog);
    if (policy.extraFunctions.has(symbol) || (builtinOperators.has(symbol) && shadow === undefined)) return;
    if (shadow !== undefined && builtinOperators.has(symbol)) {
      refuse(
        "dangerous_function",
        `The operator ${clipName(symbol)} could mean ${clipName(shadow)}, an operator of this database.`,
        `Write OPERATOR(pg_catalog.${symbol}) for the built-in one.`,
      );
    }
  } else if (
    (schema === "pg_catalog" && builtinOperators.has(symbol)) ||
    policy.extraFunctions.has(`${schema}.${symbol}`) ||
    (policy.schema(schema) && policy.extraFunctions.has(symbol))
  ) {
    return;
  }
  refuse(
    "dangerous_function",
    `The operator ${clipName(schema === undefined ? symbol : `${schema}.${symbol}`)} is not permitted.`,
    "Use PostgreSQL's built-in operators; an operator of an extension must be opened in the source's configuration.",
  );
}

/** `x.name` where `name` may be no column: PostgreSQL then calls a function of that name on x. */
export function couldCall(name: string, policy: CompiledPolicy, catalog: GateCatalog | undefined): boolean {
  if (shadowing(name, catalog) !== undefined) return true;
  if (builtinFunctions.has(name)) return !allowedFunctions.has(name) && !policy.extraFunctions.has(name);
  return builtinTypes.has(name) || reservedName(name) || name.startsWith("reg");
}

export function isSystemSchema(schema: string): boolean {
  return schema === "information_schema" || schema.startsWith("pg_");
}

function refuseFunction(name: string): never {
  return refuse(
    "dangerous_function",
    `The function ${clipName(name)}() is not permitted.`,
    functionHint(name),
    {
      function: clipName(name),
    },
  );
}
