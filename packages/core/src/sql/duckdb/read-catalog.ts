import type { DuckDBConnection } from "@duckdb/node-api";
import type { CatalogFacts, RelationFacts } from "./catalog-facts.ts";

type Row = Readonly<Record<string, unknown>>;

/** Reads the catalog of the opened database; system and temporary things are left out. */
export async function readCatalog(
  connection: DuckDBConnection,
  database: string,
): Promise<Omit<CatalogFacts, "generation" | "failed">> {
  const own = `NOT internal AND database_name = '${database.replaceAll("'", "''")}'`;
  const rows = async (sql: string): Promise<Row[]> =>
    (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const schemas = await rows(
    `SELECT schema_name, comment FROM duckdb_schemas() WHERE database_name = '${database.replaceAll("'", "''")}'
     AND schema_name NOT IN ('information_schema', 'pg_catalog') ORDER BY 1`,
  );
  const tables = await rows(
    `SELECT schema_name, table_name AS name, 'table' AS kind, comment, estimated_size AS estimate, NULL AS text
     FROM duckdb_tables() WHERE ${own} AND NOT temporary
     UNION ALL SELECT schema_name, view_name, 'view', comment, NULL, sql FROM duckdb_views() WHERE ${own} AND NOT temporary
     ORDER BY 1, 2`,
  );
  const columns = await rows(
    `SELECT schema_name, table_name AS name, column_name, data_type, is_nullable, column_default, comment
     FROM duckdb_columns() WHERE ${own} ORDER BY schema_name, table_name, column_index`,
  );
  const indexes = await rows(
    `SELECT schema_name, table_name AS name, index_name, expressions, is_unique FROM duckdb_indexes()
     WHERE database_name = '${database.replaceAll("'", "''")}' ORDER BY 1, 2, 3`,
  );
  const constraints = await rows(
    `SELECT schema_name, table_name AS name, constraint_name, constraint_type, constraint_text, constraint_column_names,
     referenced_table, referenced_column_names FROM duckdb_constraints()
     WHERE database_name = '${database.replaceAll("'", "''")}' AND constraint_type <> 'NOT NULL' ORDER BY 1, 2, constraint_index`,
  );
  const macros = await rows(
    `SELECT schema_name, function_name, function_type, macro_definition FROM duckdb_functions()
     WHERE ${own} AND function_type IN ('macro', 'table_macro') ORDER BY 1, 2`,
  );
  const types = await rows(
    `SELECT schema_name, type_name, labels FROM duckdb_types() WHERE ${own} ORDER BY 1, 2`,
  );
  const byTable = (list: readonly Row[]) => {
    const groups = new Map<string, Row[]>();
    for (const row of list) {
      const key = JSON.stringify([row.schema_name, row.name]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row]);
      else group.push(row);
    }
    return (row: Row) => groups.get(JSON.stringify([row.schema_name, row.name])) ?? [];
  };
  const columnsOf = byTable(columns);
  const indexesOf = byTable(indexes);
  const constraintsOf = byTable(constraints);
  return {
    database,
    schemas: schemas.map((row) => ({ name: text(row.schema_name), comment: textOrNull(row.comment) })),
    relations: tables.map(
      (row): RelationFacts => ({
        schema: text(row.schema_name),
        name: text(row.name),
        kind: row.kind === "view" ? "view" : "table",
        comment: textOrNull(row.comment),
        estimate: row.estimate === null ? null : Number(row.estimate),
        text: textOrNull(row.text),
        columns: columnsOf(row).map((column) => ({
          name: text(column.column_name),
          type: text(column.data_type),
          nullable: column.is_nullable === true,
          default: textOrNull(column.column_default),
          comment: textOrNull(column.comment),
        })),
        indexes: indexesOf(row).map((index) => ({
          name: text(index.index_name),
          columns: text(index.expressions),
          unique: index.is_unique === true,
        })),
        constraints: constraintsOf(row).map((constraint) => ({
          name: text(constraint.constraint_name),
          type: text(constraint.constraint_type),
          text: text(constraint.constraint_text),
          columns: texts(constraint.constraint_column_names),
          referencedTable: textOrNull(constraint.referenced_table),
          referencedColumns: texts(constraint.referenced_column_names),
        })),
      }),
    ),
    macros: macros.map((row) => ({
      name: text(row.function_name),
      schema: text(row.schema_name),
      kind: row.function_type === "table_macro" ? "table" : "scalar",
      body: text(row.macro_definition),
    })),
    types: types.map((row) => ({
      schema: text(row.schema_name),
      name: text(row.type_name),
      labels: texts(row.labels),
    })),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}
