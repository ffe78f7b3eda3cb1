import type { RunParameter } from "../habu/parameters.ts";
import type { Run } from "../habu/runs.ts";

export function ask({ name, type, kind, allowed, example }: RunParameter, history: readonly Run[]) {
  const before = history.map(({ parameters }) => parameters[name]).find((value) => value !== undefined);
  const candidates = allowed ?? [before, example].filter((one): one is string => one !== undefined);
  return {
    field: `parameters.${name}`,
    why: `${kind === "partition" ? "Chooses the part of the data" : "Used by the query"}; ${type}.`,
    ...(candidates.length === 0 ? {} : { candidates }),
  };
}
