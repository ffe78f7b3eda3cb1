import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isToolError, type ToolError } from "@mcp-data/core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseText, readDocument } from "./read-document.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "document-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function failure(path: string): Promise<ToolError> {
  const error: unknown = await readDocument(path, "annotations").catch((thrown: unknown) => thrown);
  if (!isToolError(error)) throw new Error("expected a ToolError");
  expect(error.code).toBe("CONFIG_ERROR");
  expect(error.hint).toBeTruthy();
  return error;
}

test("reads YAML and JSON, an empty file as null", async () => {
  expect((await readDocument(await file("a.yaml", "tables:\n  t: {owner: me}"), "x")).value).toEqual({
    tables: { t: { owner: "me" } },
  });
  expect((await readDocument(await file("a.json", '{"a":\t1}'), "x")).value).toEqual({ a: 1 });
  expect((await readDocument(await file("empty.yaml", "  \n"), "x")).value).toBeNull();
});

test("names the purpose and the file, not its folder", async () => {
  expect((await readDocument(await file("b.yaml", "a: 1"), "annotations")).what).toBe(
    "annotations file b.yaml",
  );
  const error = await failure(join(folder, "missing.yaml"));
  expect(error.message).toBe("annotations file missing.yaml: does not exist.");
});

test.each([
  ["dup.yaml", "k: hunter2\nk: hunter2", "line 2"],
  ["bad.yaml", "a: [hunter2\nb: hunter2", "line"],
  ["two.yaml", "a: hunter2\n---\nb: hunter2", "multiple docs"],
  ["bad.json", '{"a": hunter2}', "not valid JSON"],
  ["alias.yaml", "a: *hunter2", "alias"],
])("%s: says what is wrong without the text", async (name, content, part) => {
  const error = await failure(await file(name, content));
  expect(error.message).toContain(part);
  expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain("hunter2");
});

test("refuses alias bombs, deep nesting, folders, large and binary files", async () => {
  const lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"];
  for (let i = 1; i < 9; i++) lines.push(`a${i}: &a${i} [${`*a${i - 1},`.repeat(9).slice(0, -1)}]`);
  expect((await failure(await file("bomb.yaml", lines.join("\n")))).message).toContain("aliases");
  expect((await failure(await file("deep.yaml", "[".repeat(20_000)))).code).toBe("CONFIG_ERROR");
  await mkdir(join(folder, "folder.yaml"));
  expect((await failure(join(folder, "folder.yaml"))).message).toContain("regular file");
  expect((await failure(await file("large.yaml", Buffer.alloc(9_000_000, "a")))).message).toContain("8 MB");
  expect((await failure(await file("binary.yaml", new Uint8Array([0xff, 0xfe, 0x00])))).message).toContain(
    "UTF-8",
  );
});

test("any text is a value or a CONFIG_ERROR", () => {
  const pieces = fc.constantFrom(
    "a",
    ":",
    " ",
    "\n",
    "-",
    "[",
    "]",
    "{",
    "}",
    "*",
    "&",
    "!",
    "|",
    ">",
    '"',
    "'",
    "#",
    "%",
    "\t",
    "?",
    "__proto__",
    "<<",
    "0x",
    "~",
    "\u0000",
    "é",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), fc.constantFrom("json", "yaml"), (parts, format) => {
      try {
        parseText(parts.join(""), format as "json" | "yaml", "x");
      } catch (error) {
        expect(isToolError(error) && error.code).toBe("CONFIG_ERROR");
      }
    }),
    { numRuns: 2_000 },
  );
  expect(({} as Record<string, unknown>).a).toBeUndefined();
});
