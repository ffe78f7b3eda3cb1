import type { DuckDBPreparedStatement } from "@duckdb/node-api";

type Api = typeof import("@duckdb/node-api");

/** Binds JSON values by position; an object goes in as its JSON text. */
export function bindParams(api: Api, prepared: DuckDBPreparedStatement, params: readonly unknown[]): void {
  for (const [index, value] of params.entries()) {
    const at = index + 1;
    if (value === null || value === undefined) prepared.bindNull(at);
    else if (typeof value === "boolean") prepared.bindBoolean(at, value);
    else if (typeof value === "number") bindNumber(prepared, at, value);
    else if (typeof value === "string") prepared.bindVarchar(at, value);
    else if (Array.isArray(value)) bindList(api, prepared, at, value);
    else prepared.bindVarchar(at, JSON.stringify(value));
  }
}

function bindNumber(prepared: DuckDBPreparedStatement, at: number, value: number): void {
  if (!Number.isSafeInteger(value)) prepared.bindDouble(at, value);
  else if (Math.abs(value) < 2 ** 31) prepared.bindInteger(at, value);
  else prepared.bindBigInt(at, BigInt(value));
}

function bindList(api: Api, prepared: DuckDBPreparedStatement, at: number, items: readonly unknown[]): void {
  const present = items.filter((item) => item !== null && item !== undefined);
  const all = (type: string) => present.length > 0 && present.every((item) => typeof item === type);
  if (all("boolean")) {
    prepared.bindList(at, api.listValue(items as boolean[]), api.LIST(api.BOOLEAN));
  } else if (all("number") && present.every(Number.isSafeInteger)) {
    const whole = items.map((item) => (typeof item === "number" ? BigInt(item) : null));
    prepared.bindList(at, api.listValue(whole), api.LIST(api.BIGINT));
  } else if (all("number")) {
    prepared.bindList(at, api.listValue(items as number[]), api.LIST(api.DOUBLE));
  } else {
    const texts = items.map((item) =>
      typeof item === "string" || item == null ? item : JSON.stringify(item),
    );
    prepared.bindList(at, api.listValue(texts.map((item) => item ?? null)), api.LIST(api.VARCHAR));
  }
}
