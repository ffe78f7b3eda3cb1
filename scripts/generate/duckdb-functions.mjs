// Writes packages/core/src/sql/duckdb/engine-names.ts: the engine's functions, split by review into allowed and refused.
// Run after an engine upgrade and read the diff: a function new to the engine is refused until a rule below says otherwise.
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const target = new URL("../../packages/core/src/sql/duckdb/engine-names.ts", import.meta.url);
const require = createRequire(new URL("../../packages/core/package.json", import.meta.url));
const { DuckDBInstance, version } = await import(require.resolve("@duckdb/node-api"));

/** Scalar, aggregate and window functions and macros refused, with why. A trailing * is a prefix. */
const refusedScalars = {
  "changes state or waits": "nextval setseed write_log sleep_ms pg_sleep txid_current current_transaction_id",
  "reads state of the session, the host or other callers":
    "currval current_setting current_query current_query_id current_connection_id getvariable getenv stats vector_type " +
    "get_block_size in_search_path parse_duckdb_log_message inet_*",
  "runs, plans or builds SQL":
    "json_serialize_sql json_serialize_plan json_deserialize_sql query query_table json_execute_serialized_sql",
  "raises on purpose": "error",
  "answers from the system catalog":
    "pg_* has_* col_description obj_description shobj_description format_type format_pg_type map_to_pg_oid",
  "internals of the engine":
    "__internal_* combine finalize can_cast_implicitly make_type get_type replace_type timetz_byte_comparable " +
    "variant_bytes_to_variant variant_to_parquet_variant icu_collate_* icu_sort_key",
};
/** Exceptions from the prefixes above. */
const allowedScalars = "pg_typeof pg_size_pretty";
/** Handled by the binder, not listed by duckdb_functions() as scalars. */
const binderScalars = "unnest unlist generate_series range";
/** The only functions that may stand in FROM. */
const allowedTables = "range generate_series unnest repeat repeat_row json_each json_tree";
/** Calls the binder makes by itself, for x[1], s.a, lists, SUMMARIZE and PIVOT. */
const implicit =
  "array_extract list_extract map_extract struct_extract struct_extract_at array_slice list_slice list_value struct_pack row map " +
  "json_extract json_extract_string -> ->> min max avg stddev approx_count_distinct approx_unique approx_quantile quantile count " +
  "count_star first list list_contains list_zip map_from_entries unpivot_list ~~ !~~ ~~~ like_escape date_part to_days trunc timezone " +
  "struct_insert error coalesce array_agg";

/** Not even a configuration may allow these: they run SQL text or read tables past the gate. */
const never =
  "query query_table json_execute_serialized_sql json_serialize_plan read_duckdb seq_scan histogram histogram_values summary";

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
const list = async (sql) =>
  (await connection.runAndReadAll(sql)).getRowsJson().map(([name]) => String(name).toLowerCase());

const functions = await list(
  "SELECT DISTINCT function_name FROM duckdb_functions() WHERE internal AND function_type IN ('scalar', 'aggregate', 'macro') ORDER BY 1",
);
const tableFunctions = await list(
  "SELECT DISTINCT function_name FROM duckdb_functions() WHERE internal AND function_type IN ('table', 'table_macro') ORDER BY 1",
);
const inMacros = await list(
  "SELECT DISTINCT unnest(regexp_extract_all(macro_definition, '([a-z_][a-z0-9_]*)\\(', 1)) FROM duckdb_functions() WHERE internal AND function_type = 'macro' ORDER BY 1",
);
const relations = await list("SELECT DISTINCT view_name FROM duckdb_views() WHERE internal ORDER BY 1");
const types = await list("SELECT DISTINCT type_name FROM duckdb_types() WHERE internal ORDER BY 1");
const collations = await list("SELECT DISTINCT collname FROM pragma_collations() ORDER BY 1");

const words = (text) => text.split(/\s+/).filter(Boolean);
const fits = (rules, name) =>
  rules.some((rule) => (rule.endsWith("*") ? name.startsWith(rule.slice(0, -1)) : name === rule));
const refusedRules = Object.values(refusedScalars).flatMap(words);
const kept = functions.filter((name) => words(allowedScalars).includes(name) || !fits(refusedRules, name));
const scalars = [...new Set([...kept, ...words(binderScalars)])].sort();
const tables = words(allowedTables).filter(
  (name) => tableFunctions.includes(name) || functions.includes(name),
);
const refused = [...new Set([...functions, ...tableFunctions])]
  .filter((name) => !scalars.includes(name) && !tables.includes(name))
  .sort();

const set = (name, comment, values) => {
  const lines = [];
  let line = "";
  for (const value of values) {
    const next = line === "" ? JSON.stringify(value) : `${line}, ${JSON.stringify(value)}`;
    if (next.length > 104) {
      lines.push(`  ${line},`);
      line = JSON.stringify(value);
    } else line = next;
  }
  lines.push(`  ${line},`);
  return `/** ${comment} */\n// biome-ignore format: a long list\nexport const ${name}: ReadonlySet<string> = new Set([\n${lines.join("\n")}\n]);\n`;
};

const text = [
  `// Written by scripts/generate/duckdb-functions.mjs from DuckDB ${version()}; edit the rules there.\n`,
  set("scalarFunctions", "Scalar, aggregate and window functions and operators a text may call.", scalars),
  set("tableFunctions", "Functions that may stand in FROM.", tables.sort()),
  set("refusedFunctions", "The engine's other functions; a configured prefix does not reach them.", refused),
  set(
    "neverFunctions",
    "Refused whatever the configuration says: they run SQL text or reach tables by name.",
    words(never).sort(),
  ),
  set(
    "implicitFunctions",
    "Functions the engine calls without being told to: a user's macro of that name changes what a text does.",
    [...new Set([...inMacros, ...words(implicit)])].sort(),
  ),
  set("systemRelations", "The engine's own views.", relations),
  set("typeNames", "Types a cast may name besides the built-in ones of the grammar.", types),
  set("collationNames", "Collations, which a dot combines.", [...new Set(["binary", ...collations])].sort()),
].join("\n");
await writeFile(target, text);
console.error(
  `${fileURLToPath(target)}: ${scalars.length} allowed, ${tables.length} in FROM, ${refused.length} refused`,
);
