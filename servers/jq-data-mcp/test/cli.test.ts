import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runLibraryCommand } from "../src/commands/run.ts";
import { sampleFunctions, sampleTools } from "../src/seeds/sample.ts";
import { openDatabase } from "../src/store/database.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jq-data-cli-"));
  writeFileSync(at("functions.yaml"), sampleFunctions);
  writeFileSync(at("tools.yaml"), sampleTools);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As the program runs it: the exit code, and what went to stdout and stderr. */
async function run(...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const [name = "", ...rest] = argv;
  const code = await runLibraryCommand(
    [name, "--database", at("tools.db"), ...rest],
    (line) => void out.push(line),
    (line) => void err.push(line),
  );
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const names = ["seed", "export", "import", "sync", "doctor", "users"];

test.each(names)("%s --help tells its own arguments, and an unknown flag is exit 2", async (name) => {
  const help = await run(name, "--help");
  expect(help.code).toBe(0);
  expect(help.out).toMatch(new RegExp(`^jq-data-mcp ${name} `));
  expect(help.out).toContain("--database FILE");
  expect(await run(name, "--databse", "x")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/databse.*database/),
  });
  expect(existsSync(at("tools.db"))).toBe(false);
});

test("too few and too many arguments are exit 2 with the usage", async () => {
  for (const name of ["seed", "import"])
    expect(await run(name)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/FILE… is missing\n\nUsage/),
    });
  for (const argv of [
    ["export", "a", "b"],
    ["sync", "a"],
    ["doctor", "a"],
    ["users", "a", "b", "c"],
  ])
    expect(await run(...argv), argv.join(" ")).toMatchObject({ code: 2 });
  expect(existsSync(at("tools.db"))).toBe(false);
});

test("a word that is no command is told what there is, and nothing is started", async () => {
  for (const name of ["serve", "exprot", "help"])
    expect(await run(name), name).toMatchObject({
      code: 2,
      err: expect.stringMatching(new RegExp(`"${name}" is no command; there are seed, export.*health`)),
    });
});

test("flags, and what may hold a secret, are left to the server", async () => {
  for (const name of ["", "--demo", "toString", "redis://u:secret@h"])
    expect(
      await runLibraryCommand(
        [name],
        () => 0,
        () => 0,
      ),
    ).toBeUndefined();
});

test("a library that is not there is not exported over a good copy", async () => {
  await expect(run("export", at("out.json"))).rejects.toMatchObject({
    code: "CONFIG_ERROR",
    message: expect.stringContaining(at("tools.db")),
  });
  expect([existsSync(at("tools.db")), existsSync(at("out.json"))]).toEqual([false, false]);
});

test("an empty store: nothing to export, nobody, healthy, and no bucket to sync with", async () => {
  expect(await run("doctor")).toMatchObject({ code: 0 });
  expect(JSON.parse((await run("export")).out)).toEqual({ functions: [], tools: [] });
  expect(await run("users")).toMatchObject({ code: 0, out: "nobody called yet" });
  const doctor = await run("doctor");
  expect(doctor.code).toBe(0);
  expect(doctor.out).toMatch(
    /library +0 functions, 0 tools[\s\S]*sync +off[\s\S]*database +ok[\s\S]*engine +ok/,
  );
  await expect(run("sync")).rejects.toMatchObject({ code: "CONFIG_ERROR", hint: /JQ_DATA_SYNC_BUCKET/ });
});

test("doctor finds a library that another process keeps locked", async () => {
  await run("doctor");
  const holder = openDatabase(at("tools.db"));
  holder.exec("BEGIN IMMEDIATE");
  const doctor = await run("doctor");
  expect(doctor).toMatchObject({
    code: 1,
    out: expect.stringMatching(/database +ok[\s\S]*writable +FAILED: .*locked/),
  });
  holder.exec("ROLLBACK");
  holder.close();
  expect((await run("doctor")).out).toMatch(/writable +ok/);
}, 30_000);

test("seed fills, a second run changes nothing, export and import carry the library over", async () => {
  const first = await run("seed", at("tools.yaml"), at("functions.yaml"));
  // Tools before the functions they call: the first file alone cannot be complete.
  expect(first).toMatchObject({ code: 1, out: expect.stringMatching(/failed +tool:trend_analysis/) });
  const second = await run("seed", at("functions.yaml"), at("tools.yaml"));
  expect(second).toMatchObject({ code: 0, out: expect.stringMatching(/created +tool:trend_analysis/) });
  const third = await run("seed", at("functions.yaml"), at("tools.yaml"));
  expect(third.out.match(/^unchanged/gm)).toHaveLength(5);

  expect(await run("export", at("out.json"))).toMatchObject({ code: 0, out: "" });
  const before = readFileSync(at("out.json"), "utf8");
  expect(await run("export", at("out.json"))).toMatchObject({ code: 0 });
  expect(readFileSync(at("out.json"), "utf8")).toBe(before);
  await expect(run("export", at("no/such/folder.json"))).rejects.toMatchObject({ code: "CONFIG_ERROR" });

  rmSync(at("tools.db"));
  expect((await run("import", at("out.json"))).out.match(/^created/gm)).toHaveLength(5);
  expect((await run("import", at("out.json"))).out.match(/^unchanged/gm)).toHaveLength(5);
  expect((await run("export")).out).toBe(before.trimEnd());
  expect((await run("doctor")).out).toMatch(/3 functions, 2 tools/);
});

test("files that are missing, damaged, too large or made to explode are refused by name, and nothing is imported", async () => {
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
  for (let i = 0; i < 12; i += 1)
    bomb.push(
      `b${i}: &b${i} [${Array(10)
        .fill(i === 0 ? "*a" : `*b${i - 1}`)
        .join()}]`,
    );
  const files: Record<string, [string, string]> = {
    "bomb.yaml": [bomb.join("\n"), "VALIDATION_ERROR"],
    "deep.yaml": ["[".repeat(200_000), "VALIDATION_ERROR"],
    "broken.yaml": ["functions: [\n  - {", "VALIDATION_ERROR"],
    "list.yaml": ["- 1\n- 2", "VALIDATION_ERROR"],
    "wrong.yaml": ["tools:\n  - {name: 7}", "VALIDATION_ERROR"],
    "unbound.yaml": ["tools:\n  - {name: x, query: '.${a} + ${'}", "VALIDATION_ERROR"],
    "huge.yaml": [`# ${"x".repeat(11 * 1024 * 1024)}`, "CONFIG_ERROR"],
  };
  for (const [name, [text, code]] of Object.entries(files)) {
    writeFileSync(at(name), text);
    await expect(run("import", at("functions.yaml"), at(name)), name).rejects.toMatchObject({
      code,
      message: expect.stringContaining(name),
    });
  }
  for (const name of ["missing.yaml", "."])
    await expect(run("seed", at(name))).rejects.toMatchObject({ code: "CONFIG_ERROR" });
  expect(JSON.parse((await run("export")).out).functions).toEqual([]);
});

test("users: only known roles and ids that somebody can have", async () => {
  for (const argv of [["key:ann"], ["key:ann", "king"], ["ann", "admin"]])
    await expect(run("users", ...argv), argv.join(" ")).rejects.toMatchObject({ code: "CONFIG_ERROR" });
  expect((await run("users", "key:ann", "admin")).out).toContain("admin  key:ann");
  expect((await run("users", "key:ann", "user")).out).toContain("user   key:ann");
});

test("a database of a later program is refused by every command and left alone", async () => {
  await run("seed", at("functions.yaml"));
  const db = openDatabase(at("tools.db"));
  db.exec("PRAGMA user_version = 99");
  db.close();
  for (const argv of [["export"], ["doctor"], ["users"], ["seed", at("functions.yaml")]])
    await expect(run(...argv)).rejects.toMatchObject({ details: { reason: "newer_schema" } });
});
