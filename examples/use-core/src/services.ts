import { type Cursors, createCursors, createTokenSigner } from "@mcp-data/core";
import { type Library, openLibrary } from "./library.ts";

/** What the tools work with. */
export interface Services {
  readonly library: Library;
  readonly cursors: Cursors;
}

export function openServices(): Services {
  return { library: openLibrary(), cursors: createCursors(createTokenSigner()) };
}
