import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { cursorField, readHints, readScope } from "./fields.ts";

const pieceChars = 20_000;

export const exportLibrary = defineTool({
  name: "export_library",
  title: "Export the library",
  description: "Returns the active functions and tools as one JSON text that import_library and the import command read, in pieces. The command jq-data-mcp export writes it to a file.",
  input: z.strictObject({ cursor: cursorField }),
  output: z.object({ piece: untrusted(z.string()), functions: z.int(), tools: z.int(), chars: z.int() }),
  annotations: readHints,
  scopes: readScope,
  group: "library",
  async run({ cursor }, { services, principal }: ToolContext<Services>) {
    const bundle = services.importer.export();
    const text = JSON.stringify(bundle);
    const binding = { tool: "export_library", principal: principal.id, of: text };
    const from = cursor === undefined ? 0 : services.cursors.open(cursor, binding, z.int().min(0));
    const end = from + pieceChars;
    return {
      data: { piece: text.slice(from, end), functions: bundle.functions.length, tools: bundle.tools.length, chars: text.length },
      ...(end < text.length ? { page: { next_cursor: services.cursors.mint(binding, end), has_more: true } } : {}),
    };
  },
});
