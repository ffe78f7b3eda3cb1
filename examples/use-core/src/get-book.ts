import { defineTool, type ToolContext, ToolError } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "./services.ts";

export const getBook = defineTool({
  name: "get_book",
  title: "Get a book",
  description: "Returns one book by its id. Use list_books to find the id.",
  input: z.strictObject({ id: z.int().min(1).describe("Id of the book, from list_books.") }),
  output: z.object({ title: z.string(), author: z.string(), year: z.int() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scopes: ["books:read"],
  group: "read",
  async run({ id }, { services }: ToolContext<Services>) {
    const book = services.library.find(id);
    if (book === undefined) {
      throw new ToolError("NOT_FOUND", `There is no book ${id}.`, { hint: "Call list_books for the ids." });
    }
    return { data: { title: book.title, author: book.author, year: book.year } };
  },
});
