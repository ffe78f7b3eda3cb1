import { openServer } from "../run/open-server.mjs";
import { show, showRefused } from "./calls.mjs";

const joined = `SELECT c.name AS category, count(DISTINCT o.id) AS orders,
       sum(i.quantity) AS pieces, sum(i.quantity * i.unit_price) AS revenue
FROM order_items i
JOIN orders o ON o.id = i.order_id
JOIN products p ON p.id = i.product_id
JOIN categories c ON c.id = p.category_id
WHERE o.status <> 'returned'
GROUP BY c.name
ORDER BY revenue DESC`;

/** A client explores the sample shop over stdio, asks a question, and is refused a write. */
export async function demo(screen) {
  const server = await openServer("sql-explorer-mcp", ["--demo"]);
  try {
    screen.title("sql-explorer-mcp: an agent explores a database and cannot harm it");
    screen.text(`A client started the server over stdio; it offers ${server.tools.join(", ")}.`);
    await explore(server, screen);
    await ask(server, screen);
    await tryToWrite(server, screen);
    screen.title("Nothing was changed");
    screen.text("Start the same server yourself: node servers/sql-explorer-mcp/dist/cli.js --demo");
  } finally {
    await server.close();
  }
}

async function explore(server, screen) {
  const { sources } = await show(server, screen, "list_sources", {});
  screen.table(
    ["source", "kind", "schemas"],
    sources.map((source) => [source.id, source.kind, source.schemas.join(", ")]),
  );

  const { tables } = await show(server, screen, "list_tables", {});
  screen.table(
    ["table", "kind", "rows (estimate)", "columns"],
    tables.map((table) => [`${table.schema}.${table.name}`, table.kind, table.row_estimate, table.columns]),
  );

  const described = await show(server, screen, "describe_table", { table: "orders" });
  screen.table(
    ["column", "type", "null", "samples"],
    described.columns.map((column) => [
      column.name,
      column.type,
      column.nullable ? "yes" : "no",
      (column.samples ?? []).map(unfenced).join(", "),
    ]),
  );

  const { results } = await show(server, screen, "search_schema", { query: "price", limit: 5 });
  screen.table(
    ["found", "kind", "type"],
    results.map((result) => [
      [result.table, result.column].filter(Boolean).join("."),
      result.kind,
      result.type,
    ]),
  );
}

async function ask(server, screen) {
  const answer = await show(server, screen, "query", { sql: joined });
  screen.table(
    answer.columns.map((column) => column.name),
    answer.rows,
  );
  screen.note(`${answer.row_count} rows from ${answer.tables_accessed.join(", ")}`);

  const explained = await show(server, screen, "explain_query", {
    sql: "SELECT placed_at, status FROM orders WHERE customer_id = 7 ORDER BY placed_at",
  });
  screen.lines(explained.plan.map(unfenced));
}

async function tryToWrite(server, screen) {
  for (const sql of ["DELETE FROM orders", "SELECT 1; DROP TABLE orders"]) {
    await showRefused(server, screen, "query", { sql });
  }
}

/** Values of the database come fenced, so that a model takes them for data. */
function unfenced(text) {
  return text.replace(/^<(untrusted-\w+)>(.*)<\/\1>$/s, "$2");
}
