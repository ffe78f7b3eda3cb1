import { mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ToolError } from "@mcp-data/core";
import { createWriter, extensions, type FileFormat } from "./formats.ts";
import type { Column, Row } from "./table.ts";

export interface ExportRequest {
  /** Folder results are written to; never left. */
  readonly folder: string;
  readonly name: string;
  readonly format: FileFormat;
  readonly columns: readonly Column[];
  /** Pages of rows, in order. */
  readonly pages: AsyncIterable<readonly Row[]>;
}

export interface Exported {
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
}

const allowed = /^[A-Za-z0-9][A-Za-z0-9._ -]{0,99}$/;

/** Writes pages to a new file inside the folder; whole or not at all. An existing file is not replaced. */
export async function exportFile(request: ExportRequest): Promise<Exported> {
  const name = fileName(request.name, request.format);
  await mkdir(request.folder, { recursive: true, mode: 0o700 });
  const file = join(await realpath(request.folder), name);
  const part = `${file}.part`;
  await rm(part, { force: true });
  const target = await claimed(file, part);
  const writer = createWriter(request.format, request.columns);
  let bytes = 0;
  let rows = 0;
  const put = async (text: string) => {
    bytes += Buffer.byteLength(text);
    if (text !== "") await target.write(text);
  };
  try {
    await put(writer.head());
    for await (const page of request.pages) {
      rows += page.length;
      await put(writer.rows(page));
    }
    await put(writer.tail());
    await target.close();
    await rename(part, file);
  } catch (error) {
    await target.close().catch(() => undefined);
    await rm(part, { force: true });
    await rm(file, { force: true });
    throw error;
  }
  return { file, bytes, rows };
}

/** The name is taken first, by a file that must be new: a link or another's file is refused. */
async function claimed(file: string, part: string) {
  try {
    await (await open(file, "wx", 0o600)).close();
    return await open(part, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new ToolError("CONFLICT", "A file of this name exists already.", {
      hint: "Choose another file_name.",
      details: { reason: "FILE_EXISTS" },
    });
  }
}

/** A plain name without folders; its ending follows the format. */
export function fileName(given: string, format: FileFormat): string {
  if (!allowed.test(given) || given.includes("..")) {
    throw new ToolError(
      "VALIDATION_ERROR",
      "file_name must be a plain file name: letters, digits, dots, dashes, blanks.",
      {
        hint: "Folders are not chosen here; the operator sets the export folder.",
        details: { reason: "BAD_FILE_NAME" },
      },
    );
  }
  const ending = `.${extensions[format]}`;
  return given.toLowerCase().endsWith(ending) ? given : `${given}${ending}`;
}
