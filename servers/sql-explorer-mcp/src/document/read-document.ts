import { open } from "node:fs/promises";
import { basename, extname } from "node:path";
import { parseDocument } from "yaml";
import { configError } from "./config-error.ts";

const maxBytes = 8 * 1024 * 1024;

export interface Document {
  /** How errors name the file: its purpose and base name. */
  readonly what: string;
  readonly value: unknown;
}

/** Reads a YAML or JSON file of at most 8 MB. Throws CONFIG_ERROR, which never holds the file's text. */
export async function readDocument(path: string, purpose: string): Promise<Document> {
  const what = `${purpose} file ${basename(path)}`;
  const text = await readText(path, what);
  return { what, value: parseText(text, extname(path).toLowerCase() === ".json" ? "json" : "yaml", what) };
}

/** An empty document is null. */
export function parseText(text: string, format: "json" | "yaml", what: string): unknown {
  if (text.trim() === "") return null;
  return format === "json" ? parseJson(text, what) : parseYaml(text, what);
}

async function readText(path: string, what: string): Promise<string> {
  const fix = "Check the path in the configuration and that the server's user may read the file.";
  const fail = (problem: string) => configError({ what, field: "", problem, fix });
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw fail(error.code === "ENOENT" ? "does not exist" : `cannot be opened (${error.code ?? "unknown"})`);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw fail("is not a regular file");
    if (stat.size > maxBytes) throw fail(`is larger than ${maxBytes / 1024 / 1024} MB`);
    const bytes = await file.readFile();
    const text = decode(bytes);
    if (text === undefined) throw fail("is not UTF-8 text");
    return text;
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // V8's message quotes the text.
    throw configError({ what, field: "", problem: "is not valid JSON", fix: "Correct its syntax." });
  }
}

function parseYaml(text: string, what: string): unknown {
  const fail = (problem: string) =>
    configError({ what, field: "", problem, fix: "Correct its YAML; quote text that holds ': ' or '#'." });
  try {
    const document = parseDocument(text, { schema: "core" });
    const error = document.errors[0];
    if (error !== undefined) {
      // The message quotes the source; code and position do not.
      const at = error.linePos?.[0];
      const where = at === undefined ? "" : ` at line ${at.line}, column ${at.col}`;
      throw fail(`is not valid YAML${where} (${error.code.toLowerCase().replaceAll("_", " ")})`);
    }
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    if (error instanceof RangeError) throw fail("is nested too deeply");
    if (error instanceof ReferenceError) throw fail("uses too many or unknown aliases");
    throw error;
  }
}
