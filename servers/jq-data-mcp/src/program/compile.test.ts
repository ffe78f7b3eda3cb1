import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { defaultLimits } from "../engine/limits.ts";
import { openWasmPool } from "../engine/wasm/pool.ts";
import { buildProgram, closureOf, type LibraryFunction } from "./closure.ts";
import { createCompiler } from "./compile.ts";
import { bindArguments, parameterSchema } from "./parameters.ts";

const engine = await openWasmPool({ size: 2, memoryBytes: defaultLimits.memoryBytes });
afterAll(() => engine.close());
const compiler = createCompiler(engine);

test("needed functions and variables are found exactly, by name and arity", async () => {
  const program =
    'def local: 1; {a: "x \\(one($p))", b: [two(.;1)], ("c"): local, d: (three | $q), e: one(1;2)}';
  expect(await compiler.program(program, "u")).toEqual({
    functions: ["one/1", "one/2", "three/0", "two/2"],
    variables: ["p", "q"],
  });
  expect(await compiler.program("map(.a) | add", "u")).toEqual({ functions: [], variables: [] });
  expect(await compiler.definition("def f($a; g): g | other($a);", "u")).toEqual({
    functions: ["other/1"],
    variables: [],
  });
});

test("an error is placed in the author's own text", async () => {
  await expect(compiler.program(".a\n| foo(\n| .b", "u")).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
    details: { line: 3 },
  });
});

test("compiling runs nothing", async () => {
  const started = performance.now();
  await compiler.program("def f: f; f | [range(1e9)]", "u");
  expect(performance.now() - started).toBeLessThan(4_000);
});

test.each(["1 # \\", "1 # comment", "# \\\\"])(
  "a comment at the end cannot swallow what follows: %s",
  async (program) => {
    const outcome = await compiler.program(program, "u").then(
      () => "valid",
      (error) => error.code,
    );
    expect(["valid", "VALIDATION_ERROR"]).toContain(outcome);
    if (program.startsWith("1")) expect(outcome).toBe("valid");
  },
);

test("builtins are known", async () => {
  const builtins = await compiler.builtins();
  for (const name of ["map/1", "empty/0", "group_by/1", "ltrimstr/1"]) expect(builtins.has(name)).toBe(true);
  expect(builtins.has("calculate_efficiency/2")).toBe(false);
});

const library = (functions: Record<string, readonly string[]>) => ({
  find: (key: string, version?: string): LibraryFunction | undefined => {
    const uses = functions[key];
    const name = key.slice(0, key.indexOf("/"));
    return (
      uses && {
        key,
        version: version ?? "1",
        definition: `def ${name}: ${uses.map((use) => use.slice(0, -2)).join("+") || 1};`,
        uses,
      }
    );
  },
});

test("each function comes before who calls it, once", async () => {
  const source = library({ "a/0": ["b/0", "c/0"], "b/0": ["c/0"], "c/0": [] });
  const closure = closureOf(["a/0"], source);
  expect(closure.map(({ key }) => key)).toEqual(["c/0", "b/0", "a/0"]);
  const { text, linesBefore } = buildProgram("a", closure);
  expect(linesBefore).toBe(6);
  const { output } = await engine.run({
    program: text,
    input: { kind: "none" },
    limits: defaultLimits,
    owner: "t",
  });
  expect(Buffer.from(output ?? []).toString()).toBe("2\n");
});

test("any library without circles is put into an order that compiles; circles and gaps are named", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(9), { maxLength: 3 }), { minLength: 1, maxLength: 10 }), (edges) => {
      const functions = Object.fromEntries(
        edges.map((targets, i) => [
          `f${i}/0`,
          targets.filter((target) => target < i).map((target) => `f${target}/0`),
        ]),
      );
      const order = closureOf(Object.keys(functions), library(functions)).map(({ key }) => key);
      expect(new Set(order)).toEqual(new Set(Object.keys(functions)));
      for (const [i, key] of order.entries())
        for (const use of functions[key] ?? []) expect(order.indexOf(use)).toBeLessThan(i);
    }),
  );
  expect(() => closureOf(["a/0"], library({ "a/0": ["b/0"], "b/0": ["a/0"] }))).toThrow(/a\/0 → b\/0 → a\/0/);
  expect(() => closureOf(["a/0"], library({ "a/0": ["gone/0"] }))).toThrow(
    expect.objectContaining({ code: "NOT_FOUND" }),
  );
  expect(() => closureOf(["a/0", "b/0"], library({ "a/0": [], "b/0": ["a/0"] }), {})).not.toThrow();
});

test("a function needed in two pinned versions is refused", () => {
  const source = {
    find: (key: string, version = "2"): LibraryFunction => ({
      key,
      version,
      definition: "",
      uses: key === "a/0" || key === "b/0" ? ["c/0"] : [],
      ...(key === "a/0" ? { pins: { "c/0": "1" } } : key === "b/0" ? { pins: { "c/0": "2" } } : {}),
    }),
  };
  expect(() => closureOf(["a/0", "b/0"], source)).toThrow(expect.objectContaining({ code: "CONFLICT" }));
});

const parameter = (given: object) => parameterSchema.parse({ name: "p", ...given });

test.each([
  [{ type: "integer", default: 7 }, {}, 7],
  [{ type: "number", minimum: 1 }, { p: 1.5 }, 1.5],
  [{ type: "string", enum: ["a", "b"] }, { p: "b" }, "b"],
  [{ required: false }, {}, null],
  [{ type: "object" }, { p: { a: [1] } }, { a: [1] }],
  [{ type: "string", pattern: "^[a-z]+$" }, { p: "abc" }, "abc"],
])("%j takes %j", (declared, given, value) => {
  expect(bindArguments([parameter(declared)], given)).toEqual({ p: value });
});

test.each([
  [{ type: "integer" }, { p: 1.5 }],
  [{ type: "string" }, { p: 1 }],
  [{ type: "string" }, {}],
  [{ type: "number", maximum: 3 }, { p: 4 }],
  [{ type: "string", enum: ["a"] }, { p: "z" }],
  [{ type: "array", max_length: 1 }, { p: [1, 2] }],
  [{ type: "string" }, { p: "a", q: 1 }],
  [{ type: "string", pattern: "^(a+)+$" }, { p: `${"a".repeat(40)}!` }],
  [{ type: "integer", default: "x" }, {}],
])("%j refuses %j", (declared, given) => {
  expect(() => bindArguments([parameter(declared)], given)).toThrow(
    expect.objectContaining({ code: "VALIDATION_ERROR" }),
  );
});
