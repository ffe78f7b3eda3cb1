import { tools } from "./tools/index.ts";

/** Groups a reader of the documentation names; health and sign-in tools belong to every choice. */
export const defaultGroups = ["workspace", "questions", "operations", "always"] as const;

/** Flows come with the questions once groups are chosen; by default they stay back to keep the list short. */
export function groupsFor(chosen: readonly string[] | undefined): readonly string[] | undefined {
  if (chosen === undefined) return undefined;
  const flows = chosen.includes("questions") ? ["flows"] : [];
  return [...new Set([...chosen, ...flows, "always"])];
}

/** A known group of which the token leaves no tool. */
export function isHidden(group: string, left: readonly { readonly group: string }[]): boolean {
  return tools.some((tool) => tool.group === group) && !left.some((tool) => tool.group === group);
}
