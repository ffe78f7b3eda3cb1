import { defineTool, page, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "./services.ts";

export const listBooks = defineTool({
  name: "list_books",
  title: "List books",
  description: "Returns the books, or those of an author, ordered by id. Long lists come in pages.",
  input: z.strictObject({
    author: z.string().min(1).optional().describe("Part of the author's name."),
    limit: z.int().min(1).max(100).default(20).describe("Books of one page."),
    cursor: z.string().optional().describe("page.next_cursor of the call before."),
  }),
  output: z.object({ books: z.array(z.object({ id: z.int(), title: z.string() })) }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scopes: ["books:read"],
  group: "read",
  async run({ author, limit, cursor }, { services, principal }: ToolContext<Services>) {
    const { cursors, library } = services;
    const binding = { tool: "list_books", principal: principal.id, of: { author: author ?? null } };
    const offset = cursor === undefined ? 0 : cursors.open(cursor, binding, z.int().min(0));
    const found = library.search(author).map(({ id, title }) => ({ id, title }));
    const { items, page: rest } = page(found.slice(offset), {
      limit,
      offset,
      total: found.length,
      mint: (position) => cursors.mint(binding, position),
    });
    return { data: { books: items }, page: rest };
  },
});
