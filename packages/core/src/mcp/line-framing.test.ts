import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineFraming } from "./line-framing.ts";

const texts = (chunks: Buffer[], max = 1_000_000) => {
  const framing = createLineFraming(max);
  return chunks.flatMap((chunk) => framing.push(chunk));
};

test("cuts the same lines whatever the chunks", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: "binary" }).map((text) => `a${text.replaceAll("\n", "")}`),
        { maxLength: 20 },
      ),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
      (lines, sizes) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const chunks: Buffer[] = [];
        for (let from = 0, i = 0; from < bytes.length; i += 1) {
          const size = sizes[i % sizes.length] as number;
          chunks.push(bytes.subarray(from, from + size));
          from += size;
        }
        expect(texts(chunks)).toEqual(texts([bytes]));
        expect(texts([bytes])).toEqual(
          lines.map((line) => ({ kind: "text", text: Buffer.from(line).toString("utf8") })),
        );
      },
    ),
  );
});

test("drops blank lines and keeps what follows the last newline for later", () => {
  const framing = createLineFraming(100);
  expect(framing.push(Buffer.from("\n \r\none\ntw"))).toEqual([{ kind: "text", text: "one" }]);
  expect(framing.push(Buffer.from("o\n"))).toEqual([{ kind: "text", text: "two" }]);
});

test("tells bytes that are not UTF-8, and a character cut by chunks is whole again", () => {
  expect(texts([Buffer.from([0xc3]), Buffer.from([0xa9, 0x0a])])).toEqual([{ kind: "text", text: "é" }]);
  expect(texts([Buffer.from([0xc3, 0x28, 0x0a])])).toEqual([{ kind: "not_utf8" }]);
});

test("of a line that is too long it keeps the edges alone", () => {
  const line = `HEAD${"x".repeat(5_000)}TAIL`;
  for (const size of [1, 7, 100, 6_000]) {
    const bytes = Buffer.from(`${line}\nnext\n`);
    const chunks: Buffer[] = [];
    for (let from = 0; from < bytes.length; from += size) chunks.push(bytes.subarray(from, from + size));
    const [long, next] = texts(chunks, 1_000);
    if (long?.kind !== "too_long") throw new Error(`got ${long?.kind}`);
    expect(long.edges.head.startsWith("HEAD")).toBe(true);
    expect(long.edges.tail.endsWith("TAIL")).toBe(true);
    expect(long.edges.head.length + long.edges.tail.length).toBeLessThanOrEqual(512);
    expect(next).toEqual({ kind: "text", text: "next" });
  }
});

test("a line of exactly the limit is whole", () => {
  expect(texts([Buffer.from(`${"x".repeat(10)}\n`)], 10)).toMatchObject([{ kind: "text" }]);
  expect(texts([Buffer.from(`${"x".repeat(11)}\n`)], 10)).toMatchObject([{ kind: "too_long" }]);
});
