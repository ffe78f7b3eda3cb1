import type { Page } from "./envelope.ts";

/** Characters of JSON a list fills by default: about 6,000 tokens. */
export const defaultBudget = 24_000;

export interface PageOptions {
  /** Items wanted at most. */
  readonly limit: number;
  readonly budget?: number;
  /** Position of `items[0]` in the whole list. */
  readonly offset: number;
  /** Size of the whole list, when cheap to know. */
  readonly total?: number;
  /** More items exist behind the last one given. */
  readonly more?: boolean;
  /** Makes the cursor that starts at a position. */
  mint(offset: number): string;
}

/** Takes items up to the limit and the budget, at least one; the cursor starts at the first item not taken. */
export function page<Item>(items: readonly Item[], options: PageOptions): { items: Item[]; page: Page } {
  const budget = options.budget ?? defaultBudget;
  const taken: Item[] = [];
  let used = 0;
  for (const item of items) {
    if (taken.length >= options.limit) break;
    const size = JSON.stringify(item).length + 1;
    if (taken.length > 0 && used + size > budget) break;
    used += size;
    taken.push(item);
  }
  const more = taken.length < items.length || options.more === true;
  return {
    items: taken,
    page: {
      ...(more ? { next_cursor: options.mint(options.offset + taken.length) } : {}),
      has_more: more,
      ...(options.total === undefined ? {} : { total: options.total }),
    },
  };
}
