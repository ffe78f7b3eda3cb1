import type { Column, Relation, Snapshot } from "../../src/catalog/snapshot.ts";

type Extra = Partial<Omit<Relation, "schema" | "name" | "columns">>;

/** `app.orders` with columns written `name type` or in full. */
export function relation(
  name: string,
  columns: readonly (string | Column)[] = [],
  extra: Extra = {},
): Relation {
  const dot = name.indexOf(".");
  return {
    schema: name.slice(0, dot),
    name: name.slice(dot + 1),
    kind: "table",
    primaryKey: [],
    indexes: [],
    checks: [],
    columns: columns.map((column) => (typeof column === "string" ? plain(column) : column)),
    ...extra,
  };
}

export function snapshot(...relations: readonly Relation[]): Snapshot {
  const schemas = [...new Set(relations.map(({ schema }) => schema))];
  return {
    epoch: "1",
    takenAt: 0,
    schemas: schemas.map((name) => ({ name })),
    relations,
    foreignKeys: [],
    userFunctions: new Set(),
    warnings: [],
  };
}

function plain(text: string): Column {
  const [name = "", type = "text"] = text.split(" ");
  return { name, type, nullable: true };
}
