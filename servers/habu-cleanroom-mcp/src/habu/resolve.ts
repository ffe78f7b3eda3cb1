import { ToolError } from "@mcp-data/core";
import { nearest } from "./near.ts";
import { plainText } from "./plain-text.ts";

export interface Named {
  readonly id: string;
  readonly displayId?: string | undefined;
  readonly name: string;
}

/** Finds a thing by id, display id or name. AMBIGUOUS lists the candidates, NOT_FOUND the nearest names. */
export function resolve<T extends Named>(kind: string, typed: string, known: readonly T[]): T {
  const found = matching(typed, known);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const shown = plainText(typed, 80);
  if (only !== undefined) {
    throw new ToolError("AMBIGUOUS", `"${shown}" fits several (${found.length}): ${kind}.`, {
      hint: "Name it by its id or display id.",
      details: { candidates: found.slice(0, 8).map(label) },
    });
  }
  const names = known.flatMap(({ name, displayId }) => [
    name,
    ...(displayId === undefined ? [] : [displayId]),
  ]);
  const near = nearest(typed, names).map((name) => plainText(name, 80));
  throw new ToolError("NOT_FOUND", `There is no ${kind} "${shown}" here.`, {
    hint:
      near.length > 0
        ? "Use one of the near names, or an id."
        : known.length === 0
          ? `There is no ${kind} to choose from.`
          : "Check the name; ids work too.",
    details: {
      reason: "UNKNOWN_NAME",
      near,
      ...(near.length > 0 ? {} : { some: names.slice(0, 6).map((name) => plainText(name, 60)) }),
    },
  });
}

/** Like resolve; a name the cached list does not have is looked for in a new one, since others make things too. */
export async function resolveFresh<T extends Named>(
  kind: string,
  typed: string,
  list: (fresh: boolean) => Promise<readonly T[]>,
): Promise<T> {
  const known = await list(false);
  if (matching(typed, known).length > 0) return resolve(kind, typed, known);
  return resolve(kind, typed, await list(true));
}

/** Ids win over display ids, those over names, exact names over the same letters. */
export function matching<T extends Named>(typed: string, known: readonly T[]): T[] {
  const lower = typed.trim().toLowerCase();
  const ways: ((one: T) => boolean)[] = [
    ({ id }) => id.toLowerCase() === lower,
    ({ displayId }) => displayId?.toLowerCase() === lower,
    ({ name }) => name === typed,
    ({ name }) => name.trim().toLowerCase() === lower,
  ];
  for (const fits of ways) {
    const found = known.filter(fits);
    if (found.length > 0) return found;
  }
  return [];
}

function label({ id, displayId, name }: Named): string {
  return `${displayId ?? id}: ${plainText(name, 60)}${displayId === undefined ? "" : ` (${id})`}`;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isUuid = (text: string): boolean => uuid.test(text.trim());
