import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { def, tool } from "./support/created.ts";
import { openLibrary } from "./support/open.ts";

test("path tricks lead nowhere, and a dataset changed while it is read is told", async () => {
  await using library = await openLibrary();
  const data = library.config.data[0] ?? "";
  const secret = join(library.folder, "secret");
  mkdirSync(secret);
  writeFileSync(join(secret, "key.json"), '{"secret":1}');
  symlinkSync(join(secret, "key.json"), join(data, "link.json"));
  symlinkSync(secret, join(data, "folder"));
  for (const name of [
    "link",
    "folder/key",
    "../secret/key",
    join(secret, "key"),
    "/etc/passwd",
    "..",
    "sales.json",
    "sales\0",
    "%2e%2e/secret/key",
  ]) {
    await expect(library.call("a", "query", { dataset: name, program: "." }), name).rejects.toMatchObject({
      code: expect.stringMatching(/NOT_FOUND|PERMISSION_DENIED/),
    });
  }
  expect(
    (await library.call("a", "list_datasets")).datasets.map(({ name }: { name: string }) => name),
  ).toEqual(["metrics", "products", "sales", "timeseries"]);
  const opened = await library.services.datasets.open("sales");
  opened.assertUnchanged();
  writeFileSync(join(data, "sales.json"), "[1,2,3]");
  expect(() => opened.assertUnchanged()).toThrow(expect.objectContaining({ code: "CONFLICT" }));
  opened.close();
});

test("a new shape of the data gets a number, its difference, and a migration that tools may run through", async () => {
  await using library = await openLibrary();
  const file = join(library.config.data[0] ?? "", "people.json");
  writeFileSync(file, '[{"name":"Ann Lee"}]');
  expect(await library.call("a", "describe_dataset", { name: "people" })).toMatchObject({
    schema_number: 1,
    layout: "elements",
  });
  writeFileSync(file, '[{"first":"Ann","last":"Lee"}]');
  const second = await library.call("a", "describe_dataset", { name: "people" });
  expect(second.schema_number).toBe(2);
  expect(second.schema_versions.at(-1).diff).toEqual(["+ .first", "+ .last", "- .name"]);
  await library.call(
    "admin",
    "manage_library",
    def('def people_to_2: .name / " " | {first: .[0], last: .[1]};'),
  );
  await library.call(
    "admin",
    "manage_library",
    tool("lasts", "map(.last)", { datasets: ["people"], migrate: true }),
  );
  const migrate = (name: string | undefined, who = "admin", version = 1) =>
    library.call(who, "manage_library", { action: "set_migration", dataset: "people", version, name });
  await expect(migrate("people_to_2", "a")).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  await expect(migrate("people_to_2", "admin", 7)).rejects.toMatchObject({
    details: { reason: "schema_version" },
  });
  await expect(migrate("calculate_efficiency")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await migrate("people_to_2");
  expect((await library.call("a", "describe_dataset", { name: "people" })).migrations).toEqual([
    { from: 1, function: "people_to_2/0" },
  ]);
  expect((await library.call("a", "run_tool", { name: "lasts" })).values).toEqual([["Lee"]]);
  writeFileSync(file, '[{"name":"Bo Ek"}]');
  expect((await library.call("a", "run_tool", { name: "lasts" })).values).toEqual([["Ek"]]);
  for (const [name, program, input_mode] of [
    ["last_of_each", ".last", "each"],
    ["last_of_all", "[inputs | .last]", "reduce"],
    ["last_of_first", "input as $first | [$first.last] + [inputs.last]", "reduce"],
  ] as const) {
    const body = { datasets: ["people"], migrate: true, input_mode };
    await library.call("admin", "manage_library", tool(name, program, body));
    expect((await library.call("a", "run_tool", { name })).values.flat(), name).toEqual(["Ek"]);
  }
  const remove = { action: "delete", kind: "function", name: "people_to_2" };
  const { confirmation } = await library.call("admin", "manage_library", remove);
  await expect(library.call("admin", "manage_library", { ...remove, confirmation })).rejects.toMatchObject({
    details: { reason: "dependents", dependents: ["dataset:people"] },
  });
  expect((await library.call("a", "get_tool", { name: "lasts" })).ran_on).toEqual([
    { dataset: "people", schema_number: 1, ok: true },
    { dataset: "people", schema_number: 2, ok: true },
  ]);
  const compatible = (await library.call("a", "describe_dataset", { name: "people" })).tools;
  expect(compatible.filter((one: { tool: string }) => one.tool === "tool:lasts")).toEqual([
    { tool: "tool:lasts", schema_number: 1, ok: true },
    { tool: "tool:lasts", schema_number: 2, ok: true },
  ]);
  await migrate(undefined);
  await expect(library.call("a", "run_tool", { name: "lasts" })).resolves.toMatchObject({ values: [[null]] });
  const audit = library.services.db.all("SELECT action, subject FROM audit WHERE action = 'migration'");
  expect(audit).toEqual(Array(2).fill({ action: "migration", subject: "dataset:people" }));
});

test("gzip and NDJSON are understood in every mode", async () => {
  await using library = await openLibrary();
  const { gzipSync } = await import("node:zlib");
  const data = library.config.data[0] ?? "";
  writeFileSync(join(data, "zipped.json.gz"), gzipSync("[1,2,3]"));
  writeFileSync(join(data, "lines.jsonl.gz"), gzipSync("1\n2\n3\n"));
  writeFileSync(join(data, "broken.json.gz"), "no gzip");
  for (const dataset of ["zipped", "lines"]) {
    const run = (program: string, input_mode: string) =>
      library.call("a", "query", { dataset, program, input_mode }).then(({ values }) => values);
    expect(await run("add", "whole")).toEqual([6]);
    expect(await run(". * 2", "each")).toEqual([2, 4, 6]);
    expect(await run("[inputs] | length", "reduce")).toEqual([3]);
  }
  await expect(library.call("a", "query", { dataset: "broken", program: "." })).rejects.toMatchObject({
    code: "QUERY_ERROR",
  });
});
