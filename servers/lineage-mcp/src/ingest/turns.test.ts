import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventFile } from "./files.ts";
import { createTurns } from "./turns.ts";

const file = (path: string, size = 1): EventFile => ({
  path,
  absolute: `/events/${path}`,
  writer: path.split("_")[0] ?? "",
  size,
  mtimeMs: 0,
});

test("writers take turns, each one's files come in reading order", () => {
  const turns = createTurns();
  turns.add(["a_runtime.jsonl", "a_lineage.jsonl", "b_runtime.jsonl"].map((path) => file(path)));
  const order: string[] = [];
  let more = true;
  for (let next = turns.next(); next !== undefined; next = turns.next()) {
    order.push(next.path);
    // The first file is long: in between the other writer has its turn.
    turns.took(next, more);
    more = false;
  }
  expect(order).toEqual(["a_lineage.jsonl", "b_runtime.jsonl", "a_lineage.jsonl", "a_runtime.jsonl"]);
});

test("a file that grew while it was read comes again; one that came later is read before those that refer to it", () => {
  const turns = createTurns();
  turns.add([file("a_runtime.jsonl", 5)]);
  const first = turns.next() as EventFile;
  turns.add([file("a_runtime.jsonl", 9), file("a_dataframe_lineage.jsonl")]);
  turns.took(first, false);
  const rest: [string, number][] = [];
  for (let next = turns.next(); next !== undefined; next = turns.next()) {
    rest.push([next.path, next.size]);
    turns.took(next, false);
  }
  expect(rest).toEqual([
    ["a_dataframe_lineage.jsonl", 1],
    ["a_runtime.jsonl", 9],
  ]);
});

test("every file that was added is read to its last size, however turns and news mix", () => {
  const paths = [
    "a_runtime.jsonl",
    "a_lineage.jsonl",
    "b_runtime.jsonl",
    "b_runtime.1.jsonl",
    "c_lineage.jsonl",
  ];
  const news = fc.array(fc.tuple(fc.constantFrom(...paths), fc.boolean()), { maxLength: 60 });
  fc.assert(
    fc.property(news, (steps) => {
      const turns = createTurns();
      const wanted = new Map<string, number>();
      const read = new Map<string, number>();
      const one = (more: boolean) => {
        const next = turns.next();
        if (next === undefined) return;
        if (!more) read.set(next.path, next.size);
        turns.took(next, more);
      };
      for (const [at, [path, more]] of steps.entries()) {
        wanted.set(path, at);
        turns.add([file(path, at)]);
        if (at % 3 > 0) one(more);
      }
      for (let n = 0; n < steps.length + 1; n += 1) one(false);
      expect(turns.next()).toBeUndefined();
      expect([...read].sort()).toEqual([...wanted].sort());
    }),
  );
});
