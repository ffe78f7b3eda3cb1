import { appendFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/recorded.ts";
import { readLines } from "./lines.ts";

const mega = 1024 * 1024;

function fileOf(...parts: (string | Buffer)[]) {
  const absolute = join(tempFolder(), "x.jsonl");
  writeFileSync(absolute, "");
  for (const part of parts) appendFileSync(absolute, part);
  const look = () => ({ path: "x.jsonl", writer: "x", absolute, size: statSync(absolute).size, mtimeMs: 0 });
  return { absolute, look };
}

test("whole lines with their places; what has no end yet is left", () => {
  const { look } = fileOf("a\r\n\nb\nhalf");
  expect(readLines(look(), 0)).toEqual({
    lines: [
      { text: "a", offset: 0 },
      { text: "", offset: 3 },
      { text: "b", offset: 4 },
    ],
    end: 6,
    packable: true,
  });
  expect(readLines(look(), 6)).toEqual({ lines: [], end: 6, scanned: 10, packable: true });
});

test("a line of 10 MB is read; bytes that are no UTF-8 become replacement characters", () => {
  const { look } = fileOf("x".repeat(10 * mega), "\n", Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]));
  expect(readLines(look(), 0).lines[0]?.text).toHaveLength(10 * mega);
  expect(readLines(look(), 10 * mega + 1).lines[0]?.text).toBe('"\ufffd\ufffd"');
});

test("a line too long to hold is told by its beginning and passed over, also when its end comes later", () => {
  const { absolute, look } = fileOf("y".repeat(40 * mega));
  const first = readLines(look(), 0);
  expect(first).toEqual({ lines: [], end: 0, scanned: 40 * mega, packable: true });
  appendFileSync(absolute, "z\nnext\n");
  const second = readLines(look(), 0, first.scanned);
  expect(second.end).toBe(40 * mega + 2);
  expect(second.lines).toEqual([{ text: "y".repeat(4_096), offset: 0, cut: true }]);
  expect(readLines(look(), second.end).lines).toEqual([{ text: "next", offset: second.end }]);
});
