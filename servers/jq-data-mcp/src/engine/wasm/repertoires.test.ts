import { expect, test } from "vitest";
import type { Job } from "../engine.ts";
import { defaultLimits } from "../limits.ts";
import { createRepertoires } from "./repertoires.ts";

const job = (program: string, more: Partial<Job> = {}): Job => ({
  program,
  input: { kind: "bytes", bytes: new Uint8Array(), split: false },
  limits: defaultLimits,
  owner: "u",
  ...more,
});

function setup() {
  let now = 0;
  const repertoires = createRepertoires(1_000, () => now);
  return {
    repertoires,
    pass: (ms: number) => {
      now += ms;
    },
    often(one: Job) {
      for (let n = 0; n < 3; n += 1) repertoires.succeeded(one);
    },
  };
}

test("a program that ended well three times is kept, under whatever its arguments are", () => {
  const { repertoires } = setup();
  const one = (x: number) => job(".a + $x", { args: { x } });
  repertoires.succeeded(one(1));
  repertoires.succeeded(one(2));
  expect(repertoires.placeOf(one(3))).toBeUndefined();
  repertoires.succeeded(one(3));
  expect(repertoires.placeOf(one(4))).toEqual({ version: 1, index: 0, args: '{"x":4}' });
  expect(repertoires.placeOf(job(".a + $x", { args: { y: 1 } }))).toBeUndefined();
});

test("changes wait for one another, as each is compiled by every worker", () => {
  const { repertoires, often, pass } = setup();
  often(job("1"));
  expect(repertoires.placeOf(job("1"))?.version).toBe(1);
  often(job("2"));
  expect(repertoires.placeOf(job("2"))).toBeUndefined();
  pass(1_000);
  expect(repertoires.placeOf(job("2"))?.version).toBe(2);
  expect(repertoires.placeOf(job("1"))?.version).toBe(2);
});

test("the least recently used go when there are too many", () => {
  const { repertoires, often, pass } = setup();
  for (let n = 0; n < 40; n += 1) {
    often(job(`${n}`));
    pass(1_000);
    repertoires.placeOf(job("0"));
  }
  expect(repertoires.placeOf(job("0"))).toBeDefined();
  expect(repertoires.placeOf(job("39"))).toBeDefined();
  expect(repertoires.placeOf(job("1"))).toBeUndefined();
  expect(repertoires.current?.text.match(/\.\[0\] == /g)).toHaveLength(32);
});

test.each([
  "input",
  "[inputs]",
  ". as $x | input | $x",
  '"\\(input)"',
  "input_line_number",
  "debug",
  "1 | stderr",
  "halt",
  "halt_error",
  "$__loc__",
  "$__prog_args",
  "$ARGS",
  'import "a" as a; 1',
  'include "a"; 1',
  "builtins",
  "get_search_list",
  "1 # and \\",
  "1 # and \\\n",
  "1 # and \\\r\n",
])("what reads on, writes messages or looks around runs by itself: %s", (program) => {
  const { repertoires, often } = setup();
  often(job(program));
  expect(repertoires.placeOf(job(program))).toBeUndefined();
});

test("a very long program runs by itself", () => {
  const { repertoires, often } = setup();
  const long = `1${" + 1".repeat(4_000)}`;
  often(job(long));
  expect(repertoires.placeOf(job(long))).toBeUndefined();
});

test.each([".input", "$debug", "myinput", ".a.halt", "def my_input: 1; my_input"])(
  "a name that only looks like it does not hinder: %s",
  (program) => {
    const { repertoires, often } = setup();
    often(job(program));
    expect(repertoires.placeOf(job(program))).toBeDefined();
  },
);

test("a run whose input is not one text runs by itself, whatever the program", () => {
  const { repertoires, often } = setup();
  often(job("."));
  expect(repertoires.placeOf(job("."))).toBeDefined();
  const bytes = new Uint8Array();
  for (const one of [
    job(".", { slurp: true }),
    job(".", { nullInput: true }),
    job(".", { input: { kind: "bytes", bytes, split: true } }),
  ])
    expect(repertoires.placeOf(one)).toBeUndefined();
  expect(repertoires.placeOf(job(".", { input: { kind: "none" }, nullInput: true }))).toBeDefined();
});

test("among newcomers that do not compile together the one at fault is found, the others stay", () => {
  const { repertoires, often, pass } = setup();
  often(job("1"));
  repertoires.placeOf(job("1"));
  pass(1_000);
  for (const program of ["2", "def f: 1;", "3"]) often(job(program));
  for (let n = 0; n < 10; n += 1) {
    repertoires.placeOf(job("1"));
    const { current } = repertoires;
    if (current?.text.includes("def f: 1;\n)")) repertoires.refuse(current.version);
    pass(1_000);
  }
  expect(
    ["1", "2", "3", "def f: 1;"].map((program) => repertoires.placeOf(job(program)) !== undefined),
  ).toEqual([true, true, true, false]);
  often(job("def f: 1;"));
  pass(1_000);
  expect(repertoires.placeOf(job("def f: 1;"))).toBeUndefined();
});

test("a refusal of what is no longer current changes nothing", () => {
  const { repertoires, often } = setup();
  often(job("1"));
  repertoires.placeOf(job("1"));
  repertoires.refuse(7);
  expect(repertoires.placeOf(job("1"))).toBeDefined();
});
