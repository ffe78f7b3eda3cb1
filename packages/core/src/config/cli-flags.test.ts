import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import { defineCommandLine, parseCommandLine } from "./cli-flags.ts";

const spec = defineCommandLine({
  name: "shop-mcp",
  version: "1.2.3",
  summary: "Looks into a shop.",
  positionals: { usage: "[SOURCE…]", help: "What to read" },
  flags: {
    http: { type: "string", value: "HOST:PORT", help: "Serve over HTTP; :0 picks a port" },
    config: { type: "string", value: "FILE", help: "YAML or JSON", short: "c" },
    groups: { type: "list", value: "NAME", help: "Tool groups to show instead of the default ones" },
    "read-only": { type: "boolean", help: "Hide every tool that writes" },
    "log-level": { type: "choice", choices: ["debug", "info"], help: "Least level to log" },
    "max-rows": { type: "integer", value: "N", min: 1, max: 500, help: "Rows per answer" },
    project: { type: "string", value: "ID", help: "Profile", aliases: ["project-id"] },
  },
  examples: [["shop-mcp ./data", "a folder"]],
});

const parse = (...argv: string[]) => parseCommandLine(spec, argv);
const run = (flags: object, positionals: string[] = []) => ({ kind: "run", flags, positionals });
const misuse = (text: string | RegExp) => ({
  kind: "exit",
  code: 2,
  stdout: "",
  stderr: typeof text === "string" ? expect.stringContaining(text) : expect.stringMatching(text),
});

test("flags, values and positionals in any order", () => {
  expect(parse()).toEqual(run({}));
  expect(parse("a.csv", "--http=:0", "-c", "x.yaml", "--read-only", "b.csv", "--max-rows", "7")).toEqual(
    run({ http: ":0", config: "x.yaml", "read-only": true, "max-rows": 7 }, ["a.csv", "b.csv"]),
  );
  expect(parse("--", "--http")).toEqual(run({}, ["--http"]));
});

test("the types say what may be there", () => {
  const parsed = parse("--log-level", "debug");
  if (parsed.kind !== "run") throw new Error("expected a run");
  expectTypeOf(parsed.flags["log-level"]).toEqualTypeOf<"debug" | "info" | undefined>();
  expectTypeOf(parsed.flags["max-rows"]).toEqualTypeOf<number | undefined>();
  expectTypeOf(parsed.flags.groups).toEqualTypeOf<readonly string[] | undefined>();
});

test("lists: commas and repeats add up", () => {
  expect(parse("--groups", "a,b", "--groups=c")).toEqual(run({ groups: ["a", "b", "c"] }));
  expect(parse("--groups", "a,,b")).toEqual(misuse("--groups has an empty item"));
});

test("switches: --x, --no-x, --x=false", () => {
  expect(parse("--no-read-only")).toEqual(run({ "read-only": false }));
  expect(parse("--read-only=false")).toEqual(run({ "read-only": false }));
  expect(parse("--read-only=maybe")).toEqual(misuse("--read-only takes no value"));
  expect(parse("--no-read-only=true")).toEqual(misuse("--read-only takes no value"));
  expect(parse("--no-http")).toEqual(misuse("unknown flag --no-http"));
});

test("an alias sets its flag, and counts as the same one", () => {
  expect(parse("--project-id", "shop")).toEqual(run({ project: "shop" }));
  expect(parse("--project-id", "shop", "--project=b")).toEqual(misuse("--project is given twice"));
});

test.each([
  [["--htp", ":0"], "unknown flag --htp, did you mean --http?"],
  [["-x"], "unknown flag -x"],
  [["--http"], "--http needs a value"],
  [["--http="], "--http needs a value"],
  [["--http", "--read-only"], '--http needs a value; write --http=VALUE for one that starts with "-"'],
  [["--max-rows", "0"], "--max-rows must be a whole number from 1 to 500"],
  [["--max-rows=1e2"], "--max-rows must be a whole number"],
  [["--log-level", "loud"], "--log-level must be one of: debug, info"],
])("%j is misuse: exit 2, usage on stderr, stdout clean", (argv, problem) => {
  expect(parse(...argv)).toEqual(misuse(`shop-mcp: ${problem}`));
  expect(parse(...argv)).toEqual(misuse("Usage: shop-mcp [SOURCE…] [FLAGS]"));
});

test("too many positionals are refused without repeating them", () => {
  const strict = { ...spec, positionals: { usage: "", help: "", max: 0 } };
  const parsed = parseCommandLine(strict, ["postgres://a:hunter2@db"]);
  expect(parsed).toEqual(misuse("takes only flags"));
  expect(JSON.stringify(parsed)).not.toContain("hunter2");
});

test("help and version answer on stdout, whatever else is asked", () => {
  expect(parse("--version")).toEqual({ kind: "exit", code: 0, stdout: "1.2.3\n", stderr: "" });
  const help = parse("x", "-h");
  expect(help).toMatchObject({ kind: "exit", code: 0, stderr: "" });
  expect(help.kind === "exit" && help.stdout).toMatchInlineSnapshot(`
    "shop-mcp 1.2.3: Looks into a shop.

    Usage: shop-mcp [SOURCE…] [FLAGS]

      [SOURCE…]  What to read

    Flags:
          --http HOST:PORT        Serve over HTTP; :0 picks a port
      -c, --config FILE           YAML or JSON
          --groups NAME,…         Tool groups to show instead of the default ones
          --read-only             Hide every tool that writes
          --log-level debug|info  Least level to log
          --max-rows N            Rows per answer
          --project ID            Profile
      -h, --help                  Show this text
          --version               Show the version

    Examples:
      shop-mcp ./data  a folder
    "
  `);
});

test("no argument list crashes the parser", () => {
  const words = fc.constantFrom(
    "--http",
    "--no-read-only",
    "-c",
    "--groups=a",
    "--",
    "-",
    "--=",
    "--no-",
    "=",
    "--__proto__",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string())), (argv) => {
      const parsed = parseCommandLine(spec, argv);
      if (parsed.kind === "run")
        expect(Object.keys(parsed.flags).every((name) => name in spec.flags)).toBe(true);
      else expect(parsed.code === 2).toBe(parsed.stdout === "");
    }),
    { numRuns: 500 },
  );
});
