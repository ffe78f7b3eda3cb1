import type { ToolContext } from "@mcp-data/core";
import type { Services } from "../services.ts";
import type { Record_ } from "../store/memory.ts";
import { listing } from "./fields.ts";
import { whyNothing } from "./why.ts";

export interface SqlListing {
  readonly tool: string;
  readonly context: ToolContext<Services>;
  readonly of: unknown;
  readonly cursor: string | undefined;
  readonly limit: number;
  /** SELECT … FROM …, without ORDER BY and LIMIT. */
  readonly select: string;
  readonly order: string;
  readonly params: readonly (string | number | null)[];
  readonly asked: string;
}

/** One page of a SELECT of ours, in a stable order. */
export function sqlListing(request: SqlListing) {
  const { memory } = request.context.services;
  return listing<Record_>({
    tool: request.tool,
    context: request.context,
    of: request.of,
    cursor: request.cursor,
    limit: request.limit,
    async load(offset, limit) {
      const items = await memory.rows(
        `${request.select} ORDER BY ${request.order} LIMIT ${limit} OFFSET ${offset}`,
        request.params,
      );
      if (items.length < limit && (items.length > 0 || offset === 0))
        return { items, total: offset + items.length };
      const [counted] = await memory.rows(`SELECT count(*) AS n FROM (${request.select})`, request.params);
      return { items, total: Number(counted?.n ?? 0) };
    },
    why: () => whyNothing(request.context.services, request.asked),
  });
}
