import type { Completer } from "@mcp-data/core";
import { pickSource } from "../project/project.ts";
import type { Services } from "../services.ts";

export const completeSource: Completer<Services> = async (typed, { services, principal }) =>
  starting([...services.projects.of(principal).sources.keys()], typed);

export const completeSchema: Completer<Services> = async (typed, { services, principal, signal }, others) => {
  const source = pickSource(services.projects.of(principal), others.source);
  const view = await source.view(signal);
  return starting(view.access.policy.schemas, typed);
};

export const completeTable: Completer<Services> = async (typed, { services, principal, signal }, others) => {
  const source = pickSource(services.projects.of(principal), others.source);
  const { relations } = await source.view(signal);
  const inSchema = relations.filter(({ schema }) => others.schema === undefined || schema === others.schema);
  return starting([...new Set(inSchema.map(({ name }) => name))], typed);
};

/** Names that start with what was typed, then names that contain it; case is of no matter. */
function starting(names: readonly string[], typed: string): string[] {
  const folded = typed.toLowerCase();
  const first = names.filter((name) => name.toLowerCase().startsWith(folded));
  const rest = names.filter((name) => !first.includes(name) && name.toLowerCase().includes(folded));
  return [...first, ...rest];
}
