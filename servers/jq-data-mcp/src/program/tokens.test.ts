import fc from "fast-check";
import { expect, test } from "vitest";
import { convertTemplate } from "./convert-template.ts";
import { parseDefinition } from "./definition.ts";
import { checkPolicy, policyWarnings } from "./policy.ts";
import { tokenize } from "./tokens.ts";

const words = (program: string) => tokenize(program).tokens.map(({ kind, text }) => `${kind}:${text}`);

test("strings, interpolation and comments are told apart", () => {
  expect(words('"a\\(.b|env)c" # env\n| @base64')).toEqual([
    "string:a",
    "sign:.",
    "field:b",
    "sign:|",
    "word:env",
    "string:c",
    "comment:# env",
    "sign:|",
    "format:@base64",
  ]);
});

test("a comment ends where jq ends it", () => {
  expect(words("1 # a \\\nenv\n2")).toEqual(["number:1", "comment:# a \\\nenv", "number:2"]);
  expect(words("1 # a \\\\\nenv")).toEqual(["number:1", "comment:# a \\\\", "word:env"]);
});

test("tokenizing any text ends, and tokens follow each other", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('"', "\\", "(", ")", "{", "}", "$", "#", "\n", "a", ".", "env", "1", "[", "]"),
      }),
      (text) => {
        const { tokens } = tokenize(text);
        for (const [i, token] of tokens.entries()) {
          expect(token.end).toBeGreaterThanOrEqual(token.at);
          expect(token.at).toBeGreaterThanOrEqual(tokens[i - 1]?.at ?? 0);
        }
      },
    ),
  );
});

test.each([".env", "{env: 1}", '"env"', "# env\n.", '{"env": 2, env}', ".a.env?", "{a:1, import: 2}"])(
  "%s is no use of the environment",
  (program) => {
    expect(() => checkPolicy(program)).not.toThrow();
  },
);

test.each([
  "env",
  "$ENV.PATH",
  '"\\(env)"',
  "{(env|keys[0]): 1}",
  "{a: env}",
  "[env]",
  'import "a" as a; 1',
  "input_filename",
  "{a: $ENV}",
  '"\\("\\(env)")"',
])("%s is refused with its place", (program) => {
  expect(() => checkPolicy(program)).toThrow(
    expect.objectContaining({ code: "VALIDATION_ERROR", details: expect.objectContaining({ line: 1 }) }),
  );
});

test.each(["1) | (env", '"a', "[1", "(1]", '"\\(1"'])("%s is refused as it stands", (program) => {
  expect(() => checkPolicy(program)).toThrow(/Line 1/);
});

test("input without reduce, reduce without input and halt are remarked on", () => {
  const of = (program: string, mode: "whole" | "reduce") => policyWarnings(tokenize(program).tokens, mode);
  expect(of("[inputs]", "whole")).toHaveLength(1);
  expect(of(".", "reduce")).toHaveLength(1);
  expect(of("reduce inputs as $x (0;.+1)", "reduce")).toEqual([]);
  expect(of("halt", "whole")).toHaveLength(1);
});

test("a definition tells its name, arity and parameters", () => {
  expect(parseDefinition("# c\ndef f($a; g): def h(x): x; reduce .[] as $i (0; . + h($i; 1)); ")).toEqual({
    name: "f",
    arity: 2,
    parameters: ["$a", "g"],
  });
  expect(parseDefinition("def n: 1;")).toMatchObject({ name: "n", arity: 0 });
});

test.each([
  "1",
  "def f: 1",
  "def f 1;",
  "def f: 1; 2",
  "def f: 1; def g: 2;",
  "def _f: 1;",
  "def f(a: 1;",
  "def a::b: 1;",
])("%s is no single definition", (text) => {
  expect(() => parseDefinition(text)).toThrow(expect.objectContaining({ code: "VALIDATION_ERROR" }));
});

test("placeholders become bound variables", () => {
  const string = () => true;
  expect(convertTemplate('{d: "${x}", n: f(.; ${y}), t: "a ${x} \\(${y})"}', string)).toEqual({
    program: '{d: $x, n: f(.; $y), t: "a \\($x) \\($y)"}',
    parameters: ["x", "y"],
  });
  expect(convertTemplate('"${n}"', () => false).program).toBe('"\\($n)"');
});

test.each([".${x}", "${x}y", "a${x}", "# ${x}\n.", "${a b}", "${x", '"${', "@${x}", "$${x}"])(
  "%s cannot be converted",
  (program) => {
    expect(() => convertTemplate(program, () => true)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ line: 1 }) }),
    );
  },
);

test("a converted program has no placeholder left, whatever stood around", () => {
  const piece = fc.constantFrom('"', "${x}", " ", "|", "f(", ")", "text", "\\(", ".a", ";");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      try {
        expect(convertTemplate(pieces.join(""), () => true).program).not.toContain("${");
      } catch (error) {
        expect((error as { code?: string }).code).toBe("VALIDATION_ERROR");
      }
    }),
  );
});
