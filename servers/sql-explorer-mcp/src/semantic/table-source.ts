import type { TableSource } from "./model.ts";

const part = String.raw`(?:"(?:[^"]|"")+"|[^\s."'();]+)`;
const wholeName = new RegExp(`^${part}(?:\\.${part}){0,2}$`, "u");

/** `table`, `schema.table` or `database.schema.table`, parts quoted where needed; undefined for anything else. */
export function parseTableSource(source: string): TableSource | undefined {
  const text = source.trim();
  if (!wholeName.test(text)) return undefined;
  const parts = [...text.matchAll(new RegExp(part, "gu"))].map(([name]) =>
    name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
  );
  const [table, schema, database] = parts.reverse();
  if (table === undefined) return undefined;
  return {
    ...(database === undefined ? {} : { database }),
    ...(schema === undefined ? {} : { schema }),
    table,
  };
}

/** As people write it: `schema.table`, or `table` when no schema is said. */
export function sourceName({ schema, table }: TableSource): string {
  return schema === undefined ? table : `${schema}.${table}`;
}
