import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openExplorer, openShop, tempFolder } from "../../test/support/explorer.ts";
import { createTestDatabase } from "../postgres/testing/database.ts";

test("annotations come from a table the agent itself may not read, under those of the file", async () => {
  const database = await createTestDatabase();
  using folder = tempFolder();
  try {
    const reader = await database.login("reader");
    await database.run(`
      CREATE SCHEMA app; CREATE SCHEMA meta;
      CREATE TABLE app.orders (id int, status text);
      CREATE TABLE meta.notes (table_name text, description text, owner text, column_notes jsonb, use_cases text[]);
      INSERT INTO meta.notes VALUES ('app.orders', 'From the table.', 'sales', '{"status": "where it stands"}', '{revenue,delays}');
      GRANT USAGE ON SCHEMA app, meta TO ${reader}; GRANT SELECT ON ALL TABLES IN SCHEMA app, meta TO ${reader};`);
    const file = join(folder.path, "notes.yaml");
    writeFileSync(file, "tables: {app.orders: {description: From the file.}}\n");
    await using explorer = openExplorer({
      sources: [
        {
          id: "db",
          kind: "postgres",
          dsn: database.url(reader),
          schemas: ["app"],
          annotations: { file, table: "meta.notes" },
        },
      ],
    });
    expect(await explorer.ask("describe_table", { table: "orders" })).toMatchObject({
      description: expect.stringContaining("From the file."),
      annotations: { owner: "sales", use_cases: ["revenue", "delays"] },
      columns: [{ name: "id" }, { name: "status", note: "where it stands" }],
    });
    expect(await explorer.refused("query", { sql: "SELECT * FROM meta.notes" })).toMatchObject({
      details: { reason: "schema_not_allowed" },
    });
  } finally {
    await database.drop();
  }
});

test.each([
  ["annotations", "/no/such/notes.yaml", /^Annotations could not be read/],
  ["semantic", "/no/such/model.yaml", /^The semantic model could not be read/],
])("%s that cannot be read are a warning, and the source works", async (field, path, message) => {
  await using shop = await openShop({ [field]: path });
  const answer = await shop.call("list_tables");
  expect(answer).toMatchObject({
    success: true,
    warnings: expect.arrayContaining([expect.stringMatching(message)]),
  });
  expect(JSON.stringify(answer)).not.toContain("/no/such");
});

test("a note about a table that is not there is said once, as drift", async () => {
  using folder = tempFolder();
  const file = join(folder.path, "notes.yaml");
  writeFileSync(file, "tables: {odrers: {description: A typo.}}\n");
  await using shop = await openShop({ annotations: file });
  const answer = await shop.call("list_tables");
  expect(answer).toMatchObject({ warnings: [expect.stringContaining("odrers")] });
});

test("a project with a role of its own knows only what that role may see", async () => {
  const database = await createTestDatabase();
  try {
    const reader = await database.login("reader");
    const weak = await database.login("weak");
    await database.run(`
      CREATE SCHEMA app; CREATE TABLE app.open (id int); CREATE TABLE app.closed (id int);
      GRANT USAGE ON SCHEMA app TO ${reader}, ${weak}; GRANT SELECT ON ALL TABLES IN SCHEMA app TO ${reader};
      GRANT SELECT ON app.open TO ${weak}; GRANT ${weak} TO ${reader};`);
    const config = {
      sources: [{ id: "db", kind: "postgres", dsn: database.url(reader), schemas: ["app"] }],
      projects: [{ id: "all" }, { id: "few", readonly_role: weak }],
    };
    for (const [project, tables] of [
      ["all", ["closed", "open"]],
      ["few", ["open"]],
    ] as const) {
      await using explorer = openExplorer(config, { project });
      const listed = await explorer.ask<{ tables: { name: string }[] }>("list_tables");
      expect(listed.tables.map(({ name }) => name)).toEqual(tables);
    }
  } finally {
    await database.drop();
  }
});
