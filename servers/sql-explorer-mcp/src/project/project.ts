import { type Principal, ToolError } from "@mcp-data/core";
import type { Source } from "../source/source.ts";

/** A named profile of the configuration: which sources, how narrow. */
export interface Project {
  readonly id: string;
  readonly active: boolean;
  readonly sources: ReadonlyMap<string, Source>;
}

/** The claim an authenticated principal's project travels in. */
export const projectClaim = "project_id";

export interface Projects {
  /** PERMISSION_DENIED in the same words for an unknown, an inactive and a missing project. */
  of(principal: Principal): Project;
  all(): readonly Project[];
}

/** `fixed` is the project of every caller: --project, or the only one there is. */
export function createProjects(projects: readonly Project[], fixed: Project | undefined): Projects {
  const byId = new Map(projects.filter((project) => project.active).map((project) => [project.id, project]));
  return {
    of: (principal) => {
      const named = principal.claims?.[projectClaim];
      const project = fixed ?? (typeof named === "string" ? byId.get(named) : undefined);
      if (project === undefined) throw noProject();
      return project;
    },
    all: () => projects,
  };
}

function noProject(): ToolError {
  return new ToolError("PERMISSION_DENIED", "The caller has no active project on this server.", {
    hint: "Ask the operator which project your credential belongs to.",
    details: { reason: "no_active_project" },
  });
}

/** The named source, or the only one. */
export function pickSource(project: Project, id: string | undefined): Source {
  const ids = [...project.sources.keys()];
  if (id === undefined) {
    const only = ids.length === 1 ? project.sources.get(ids[0] ?? "") : undefined;
    if (only !== undefined) return only;
    throw new ToolError("AMBIGUOUS", `There are ${ids.length} sources; name one.`, {
      hint: `Pass source: one of ${ids.slice(0, 20).join(", ")}.`,
      details: { candidates: ids.slice(0, 20) },
    });
  }
  const source = project.sources.get(id);
  if (source === undefined) {
    throw new ToolError("NOT_FOUND", `There is no source "${id.slice(0, 64)}".`, {
      hint: `Sources: ${ids.slice(0, 20).join(", ")}.`,
      details: { candidates: ids.slice(0, 20) },
    });
  }
  return source;
}
