import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import type { ToolError } from "../error/tool-error.ts";
import type { EnvField } from "./env-fields.ts";
import { type FlagSetting, loadConfig } from "./load-config.ts";
import { type Secret, secretField } from "./secret.ts";

const folder = mkdtempSync(join(tmpdir(), "load-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const source = z.strictObject({
  id: z.string().regex(/^[a-z]+$/),
  kind: z.enum(["postgres", "files"]),
  dsn: secretField().optional(),
  limits: z.strictObject({ max_rows: z.int().min(1).max(10_000).default(500) }).optional(),
});
const schema = z.strictObject({
  http: z.strictObject({ listen: z.string(), cors: z.boolean().default(false) }).optional(),
  log_level: z.enum(["debug", "info"]).default("info"),
  groups: z.array(z.string()).optional(),
  sources: z.array(source).default([]),
});

interface Given {
  yaml?: string | Buffer;
  env?: Record<string, string>;
  envFields?: EnvField[];
  flags?: FlagSetting[];
}

function load({ yaml, ...rest }: Given) {
  const file = join(folder, "explorer.yaml");
  if (yaml !== undefined) writeFileSync(file, yaml);
  return loadConfig({ schema, env: {}, ...rest, ...(yaml === undefined ? {} : { file }) });
}

function problems(given: Given): { field: string; problem: string; fix?: string; from?: string }[] {
  try {
    load(given);
  } catch (error) {
    expect(error).toMatchObject({ code: "CONFIG_ERROR" });
    expect(inspect(error, { depth: 20 })).not.toContain("hunter2");
    const { details, message } = error as ToolError;
    const list = details?.problems as ReturnType<typeof problems>;
    for (const one of list) expect(message).toContain(one.problem);
    return list;
  }
  throw new Error("the configuration was accepted");
}

test("nothing at all gives the defaults; an empty file too", () => {
  expect(load({})).toEqual({ log_level: "info", sources: [] });
  expect(load({ yaml: "" })).toEqual({ log_level: "info", sources: [] });
  expect(load({ yaml: "# only a comment\n" })).toEqual({ log_level: "info", sources: [] });
});

test("flags beat variables beat the file, field by field; lists are replaced", () => {
  const config = load({
    yaml: "http: {listen: from-file, cors: true}\nlog_level: debug\ngroups: [a, b]\n",
    env: { SHOP_HTTP: "from-env", SHOP_GROUPS: "c, d", SHOP_LEVEL: "" },
    envFields: [
      { name: "SHOP_HTTP", field: "http.listen" },
      { name: "SHOP_GROUPS", field: "groups", type: "list" },
      { name: "SHOP_LEVEL", field: "log_level" },
    ],
    flags: [
      { flag: "--http", field: "http.listen", value: "from-flag" },
      { flag: "--log-level", field: "log_level", value: undefined },
    ],
  });
  expect(config).toEqual({
    http: { listen: "from-flag", cors: true },
    log_level: "debug",
    groups: ["c", "d"],
    sources: [],
  });
});

test("JSON is read as well", () => {
  expect(load({ yaml: '{"log_level": "debug", "sources": [{"id": "a", "kind": "files"}]}' })).toMatchObject({
    sources: [{ id: "a" }],
  });
});

test("variables are filled in as text, with defaults and escapes, and not read again", () => {
  const env = { HOST: "db", ROWS: "20", ON: "true", EVIL: "${HOST}\nlog_level: debug", EMPTY: "" };
  const config = load({
    env,
    yaml: [
      "http: {listen: '${HOST}:${PORT:-8080}', cors: '${ON}'}",
      "groups: ['${EVIL}', '$${HOST}', '${EMPTY:-x}', '${EMPTY}', '${NONE:-}', plain $HOST]",
      "sources: [{id: a, kind: files, limits: {max_rows: '${ROWS}'}}]",
    ].join("\n"),
  });
  expect(config.http).toEqual({ listen: "db:8080", cors: true });
  expect(config.groups).toEqual([env.EVIL, "${HOST}", "x", "", "", "plain $HOST"]);
  expect(config.log_level).toBe("info");
  expect(config.sources[0]?.limits?.max_rows).toBe(20);
});

test("a missing variable names field, variable and line; every one is told", () => {
  const yaml =
    "log_level: info\nsources:\n  - id: a\n    kind: postgres\n    dsn: postgres://x:${DB_PW}@h\nhttp:\n  listen: '${my host}'\n";
  expect(problems({ yaml })).toEqual([
    {
      field: "sources[0].dsn",
      problem: "needs the environment variable DB_PW, which is not set",
      fix: "Set it, or write ${DB_PW:-default}.",
      from: "explorer.yaml:5",
    },
    expect.objectContaining({ field: "http.listen", from: "explorer.yaml:7" }),
  ]);
});

test("an unfit value names field, kind, line and fix, never the value", () => {
  const yaml = [
    "log_level: hunter2",
    "http: hunter2",
    "sources:",
    "  - id: HUNTER hunter2",
    "    kind: postgres",
    "    limits: {max_rows: hunter2, maxrows: hunter2}",
    "  - id: 5",
    "    kind: files",
    "    limits: {max_rows: 99999}",
    "    dsn: 12345",
    "  - {}",
    "grops: [hunter2]",
  ].join("\n");
  expect(problems({ yaml })).toEqual(
    expect.arrayContaining([
      {
        field: "log_level",
        problem: "must be one of debug, info, got something else",
        from: "explorer.yaml:1",
      },
      { field: "http", problem: "must be a mapping, got text", from: "explorer.yaml:2" },
      { field: "sources[0].id", problem: "is not a valid name or pattern", from: "explorer.yaml:4" },
      { field: "sources[0].limits.max_rows", problem: "must be a number, got text", from: "explorer.yaml:6" },
      {
        field: "sources[0].limits.maxrows",
        problem: "is not a known setting",
        fix: "Did you mean max_rows?",
        from: "explorer.yaml:6",
      },
      {
        field: "sources[1].id",
        problem: "must be text, got a number",
        fix: "Put it in quotes.",
        from: "explorer.yaml:7",
      },
      {
        field: "sources[1].limits.max_rows",
        problem: "must be at most 10000, got a number",
        from: "explorer.yaml:9",
      },
      {
        field: "sources[1].dsn",
        problem: "must be text or a mapping, got a number",
        from: "explorer.yaml:10",
      },
      { field: "sources[2].id", problem: "is required", fix: "Give it text.", from: "explorer.yaml:11" },
      {
        field: "grops",
        problem: "is not a known setting",
        fix: "Did you mean groups?",
        from: "explorer.yaml:12",
      },
    ]),
  );
});

test("a bad value of a flag or variable is blamed on it, not on the file", () => {
  const given = {
    yaml: "log_level: info\n",
    env: { SHOP_LEVEL: "hunter2", SHOP_CORS: "perhaps" },
    envFields: [{ name: "SHOP_LEVEL", field: "log_level" }] as EnvField[],
  };
  expect(problems(given)).toMatchObject([{ field: "log_level", from: "$SHOP_LEVEL" }]);
  const flags = [{ flag: "--log-level", field: "log_level", value: "hunter2" }];
  expect(problems({ ...given, flags })).toMatchObject([{ field: "log_level", from: "--log-level" }]);
  const envFields: EnvField[] = [{ name: "SHOP_CORS", field: "http.cors", type: "boolean" }];
  expect(problems({ ...given, envFields })).toMatchObject([
    { field: "http.cors", problem: "must be true or false, got text", from: "$SHOP_CORS" },
  ]);
});

test("secrets: from text, a variable, a file, or a _FILE twin; both of a pair is an error", () => {
  const path = join(folder, "dsn");
  writeFileSync(path, "postgres://a:hunter2@db\n");
  const one = (dsn: string, env = {}) =>
    load({ yaml: `sources: [{id: a, kind: postgres, dsn: ${dsn}}]`, env });
  const reveal = (config: { sources: { dsn?: Secret | undefined }[] }) => config.sources[0]?.dsn?.reveal();
  expect(reveal(one("{file: '${F}'}", { F: path }))).toBe("postgres://a:hunter2@db");
  const config = one("'${DSN}'", { DSN: "hunter2" });
  expect(reveal(config)).toBe("hunter2");
  const printed = [inspect(config, { depth: 9 }), JSON.stringify(config), `${config.sources[0]?.dsn}`];
  expect(printed.join()).not.toContain("hunter2");

  const twin = loadConfig({
    schema: z.strictObject({ key: secretField() }),
    env: { KEY_FILE: path },
    envFields: [{ name: "KEY", field: "key", type: "secret" }],
  });
  expect(twin.key.reveal()).toBe("postgres://a:hunter2@db");
  const both = {
    env: { KEY: "hunter2", KEY_FILE: path },
    envFields: [{ name: "KEY", field: "groups", type: "secret" }] as EnvField[],
  };
  expect(problems(both)).toMatchObject([{ field: "groups", problem: "is set, and KEY_FILE too" }]);
});

test("a secret file that is missing, empty or huge is told by field", () => {
  const empty = join(folder, "empty");
  const huge = join(folder, "huge");
  writeFileSync(empty, "\n");
  writeFileSync(huge, "x".repeat(70_000));
  for (const [path, word] of [
    [join(folder, "none"), "ENOENT"],
    [folder, "EISDIR"],
    [empty, "empty"],
    [huge, "larger"],
  ]) {
    expect(problems({ yaml: `sources: [{id: a, kind: postgres, dsn: {file: "${path}"}}]` })).toMatchObject([
      { field: "sources[0].dsn", problem: expect.stringContaining(word ?? "") },
    ]);
  }
});

test.each([
  ["a: 1\na: hunter2\n", "a key appears twice in one mapping", "explorer.yaml:2"],
  [
    '{"log_level": "info",\n "log_level": "hunter2"}',
    "a key appears twice in one mapping",
    "explorer.yaml:2",
  ],
  ["a: *hunter2", "refers to an anchor that does not exist", "explorer.yaml"],
  ["a: !!js/function hunter2", "uses a tag that is not supported", "explorer.yaml:1"],
  ["a: 1\n---\nb: hunter2\n", "holds more than one document", "explorer.yaml:2"],
  ["a: [hunter2", "a bracket or quote is not closed", "explorer.yaml:1"],
  ["- hunter2\n- b", "must be a mapping of settings", "explorer.yaml:1"],
  ["hunter2", "must be a mapping of settings", "explorer.yaml:1"],
  ["x".repeat(1_000_001), "is larger than 1000000 bytes", "explorer.yaml"],
  ["[".repeat(400_000), "", "explorer.yaml"],
])("malformed file %#", (yaml, problem, from) => {
  const [first] = problems({ yaml });
  expect(first?.problem).toContain(problem);
  expect(first?.from).toContain(from);
});

test("bytes that are not UTF-8, a folder, and a missing file are told", () => {
  expect(problems({ yaml: Buffer.from([0xff, 0xfe, 0x41]) })).toMatchObject([
    { problem: "is not UTF-8 text" },
  ]);
  const at = (file: string) => () => loadConfig({ schema, file, env: {} });
  expect(at(folder)).toThrow(/is not a file/);
  expect(at(join(folder, "none.yaml"))).toThrow(/none\.yaml.*|cannot be read \(ENOENT\)/);
});

test("a billion laughs are refused quickly", () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) =>
      `l${i}: &l${i} [${Array(10)
        .fill(i === 0 ? "ha" : `*l${i - 1}`)
        .join(", ")}]`,
  );
  const started = performance.now();
  expect(problems({ yaml: levels.join("\n") })).toMatchObject([{ problem: "uses too many aliases" }]);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("no key of a file reaches a prototype", () => {
  problems({ yaml: "__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}\n" });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(problems({ yaml: "http: {__proto__: {listen: hunter2}}" })[0]).toMatchObject({
    field: expect.stringContaining("http"),
  });
});

test("whatever the file holds, it is accepted or refused as a configuration", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string({ unit: fc.constantFrom(..."a: -\n[]{}&*!|>'\"#%@`,?~<$") }),
      ),
      (yaml) => {
        try {
          load({ yaml });
        } catch (error) {
          expect(error).toMatchObject({ code: "CONFIG_ERROR" });
        }
      },
    ),
    { numRuns: 500 },
  );
});
