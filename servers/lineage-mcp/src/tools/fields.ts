import type { Page } from "@mcp-data/core";
import { page, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";

export const readOnlyHints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;
export const readScope = ["data:read"] as const;

export const notebookField = z.string().optional().describe("Path, name, hash or session id.");
export const sinceField = z.string().optional().describe("ISO time.");
export const cursorField = z.string().optional().describe("Next page.");
export const limitField = z.int().min(1).max(500).default(50).describe("Per page.");

/** Said in every answer. */
export const metaOutput = {
  as_of: z.string(),
  ingest_lag_ms: z.number(),
  total: z.int(),
  returned: z.int(),
  truncated: z.boolean(),
  /** Why there is nothing. */
  reason: z.string().optional(),
};

/** Rows that quote names and texts of notebooks. */
export const rowsOutput = () => untrusted(z.array(z.record(z.string(), z.unknown())));

export interface Listing<Item> {
  readonly items: Item[];
  readonly page: Page;
  readonly meta: {
    as_of: string;
    ingest_lag_ms: number;
    total: number;
    returned: number;
    truncated: boolean;
    reason?: string;
  };
}

export interface ListingRequest<Item> {
  readonly tool: string;
  readonly context: ToolContext<Services>;
  /** The arguments besides the cursor. */
  readonly of: unknown;
  readonly cursor: string | undefined;
  readonly limit: number;
  /** All of them, or the part from `offset` with the whole number. */
  load(offset: number, limit: number): Promise<{ items: readonly Item[]; total: number }>;
  /** Asked when there is nothing. */
  why(): Promise<string>;
}

/** One page of a list, with what every answer says. */
export async function listing<Item>(request: ListingRequest<Item>): Promise<Listing<Item>> {
  const { services, principal } = request.context;
  const fresh = await services.memory.fresh();
  const binding = { tool: request.tool, principal: principal.id, of: request.of };
  const offset =
    request.cursor === undefined ? 0 : services.cursors.open(request.cursor, binding, z.int().min(0));
  const { items: loaded, total } = await request.load(offset, request.limit);
  const { items, page: meta } = page(loaded, {
    limit: request.limit,
    offset,
    total,
    more: offset + loaded.length < total,
    mint: (position) => services.cursors.mint(binding, position),
  });
  return {
    items,
    page: meta,
    meta: {
      ...fresh,
      total,
      returned: items.length,
      truncated: meta.has_more,
      ...(total === 0 ? { reason: await request.why() } : {}),
    },
  };
}
