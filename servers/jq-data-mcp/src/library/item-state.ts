import { ToolError } from "@mcp-data/core";

/** What the head of a deactivated entry begins with. */
export const offPrefix = "deactivated-";

export type ItemState = "active" | "deactivated" | "deleted";

/** Undefined for what was only ever proposed. A deactivated entry keeps its name; a deleted one gave it up. */
export function stateOf(
  row: { readonly active: string | null; readonly head: string | null } | undefined,
): ItemState | undefined {
  if (row === undefined || row.head === null) return undefined;
  if (row.active !== null) return "active";
  return row.head.startsWith(offPrefix) ? "deactivated" : "deleted";
}

/** Whether an activation of no version switches off rather than deletes. */
export function isOff({ reason }: { readonly reason: string }): boolean {
  return reason === "deactivate";
}

/** For changes that are not an admin's decision to bring it back. */
export function deactivated(item: string): ToolError {
  return new ToolError("CONFLICT", `${item} is deactivated.`, {
    hint: "An admin brings it back: manage_library, update or restore. Or use another name.",
    details: { reason: "deactivated", item },
  });
}
