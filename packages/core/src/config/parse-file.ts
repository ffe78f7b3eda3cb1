import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import { configError } from "./config-error.ts";
import { type Path, valueAt } from "./tree.ts";

export interface ParsedFile {
  readonly value: unknown;
  /** `explorer.yaml:12`, the nearest line known for the field. */
  lineOf(path: Path): string;
}

const maxBytes = 1_000_000;
const maxAliases = 100;

/** Reads YAML 1.2 or JSON. CONFIG_ERROR names file and line and shows nothing of the text. */
export function parseConfigFile(path: string): ParsedFile {
  return parseConfigText(readText(path), basename(path));
}

function parseConfigText(text: string, name: string): ParsedFile {
  const lines = new LineCounter();
  const at = (offset: number) => `${name}:${lines.linePos(offset).line}`;
  const refuse = (problem: string, from = name, fix?: string) =>
    configError([{ field: "", problem, from, ...(fix === undefined ? {} : { fix }) }]);
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    const [issue] = [...document.errors, ...document.warnings];
    if (issue !== undefined) throw refuse(wording[issue.code] ?? "is not valid YAML", at(issue.pos[0]));
    if (document.contents !== null && !isMap(document.contents)) {
      throw refuse("must be a mapping of settings", at(0), "Start with lines such as `log_level: info`.");
    }
    const value: unknown = document.toJS({ maxAliasCount: maxAliases }) ?? {};
    return { value, lineOf: (path) => lineOf(document, path, at) ?? name };
  } catch (error) {
    // The parser's own: too many aliases, nesting beyond the stack.
    if (error instanceof ReferenceError) {
      throw error.message.startsWith("Excessive")
        ? refuse("uses too many aliases", name, "Write the values out.")
        : refuse("refers to an anchor that does not exist");
    }
    if (error instanceof RangeError) throw refuse("is nested too deeply", name);
    throw error;
  }
}

const wording: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "a key appears twice in one mapping",
  MULTIPLE_DOCS: "holds more than one document",
  TAB_AS_INDENT: "is indented with a tab",
  BAD_INDENT: "has wrong indentation, or a bracket or quote is not closed",
  MISSING_CHAR: "is not valid YAML: a quote, bracket or comma is missing",
  TAG_RESOLVE_FAILED: "uses a tag that is not supported",
  IMPOSSIBLE: "is not valid YAML",
  RESOURCE_EXHAUSTION: "is nested too deeply",
};

function readText(path: string): string {
  const name = basename(path);
  const refuse = (problem: string, cause?: unknown) =>
    configError([{ field: "", problem, from: name }], cause);
  let bytes: Buffer;
  try {
    const stat = statSync(path);
    if (!stat.isFile() && !stat.isFIFO() && !stat.isCharacterDevice()) throw refuse("is not a file");
    if (stat.size > maxBytes) throw refuse(`is larger than ${maxBytes} bytes`);
    bytes = readFileSync(path);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code === "CONFIG_ERROR") throw error;
    throw refuse(`cannot be read (${String(error.code)})`, error);
  }
  if (bytes.length > maxBytes) throw refuse(`is larger than ${maxBytes} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuse("is not UTF-8 text", cause);
  }
}

function lineOf(document: Document.Parsed, path: Path, at: (offset: number) => string): string | undefined {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = valueAt(node, ["range", 0]);
    if (typeof range === "number") return at(range);
  }
  return undefined;
}
