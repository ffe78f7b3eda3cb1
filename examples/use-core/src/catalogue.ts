import type { AnyTool, Catalogue } from "@mcp-data/core";
import { getBook } from "./get-book.ts";
import { listBooks } from "./list-books.ts";
import type { Services } from "./services.ts";

export const catalogue: Catalogue<Services> = {
  name: "books",
  title: "Books",
  version: "1.0.0",
  instructions: "list_books finds ids, get_book returns one book.",
  tools: [listBooks, getBook] as AnyTool<Services>[],
  defaultGroups: ["read"],
};
