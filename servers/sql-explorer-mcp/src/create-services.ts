import {
  createCursors,
  createTokenSigner,
  isToolError,
  type Logger,
  type Secret,
  ToolError,
} from "@mcp-data/core";
import type { CatalogView } from "./catalog/view.ts";
import type { ProjectConfig, SourceConfig } from "./config/source-config.ts";
import type { ExplorerConfig } from "./config.ts";
import type { Engine } from "./engine/engine.ts";
import { lazyEngine } from "./engine/lazy-engine.ts";
import { type PrivilegeCheck, type ProbedEngine, probedEngine } from "./engine/probed-engine.ts";
import { createProjects, type Project } from "./project/project.ts";
import { createSchemaSearch, type SchemaSearch } from "./search/schema-search.ts";
import type { Services } from "./services.ts";
import { createSource } from "./source/source.ts";

export interface ServicesOptions {
  readonly config: ExplorerConfig;
  /** --project. */
  readonly project?: string | undefined;
  readonly logger: Logger;
  /** Over stdio: one user, who needs no claim where there is one project. */
  readonly local: boolean;
  /** What a source without privilege_check does: enforce over HTTP, warn over stdio. */
  readonly privilegeCheck: PrivilegeCheck;
  /** Runs before the first use of an engine. */
  readonly beforeOpen?: () => Promise<void>;
}

export interface ExplorerServices extends Services {
  /** Asks every source once; rejects with CONFIG_ERROR where an enforced probe finds too much. */
  probe(signal: AbortSignal): Promise<void>;
  /** For /ready: each source answers. */
  readonly ready: Readonly<Record<string, () => Promise<void>>>;
  readonly defaultProject: string | undefined;
}

/** Builds the ports from the configuration; connects to nothing yet. */
export function createServices(options: ServicesOptions): ExplorerServices {
  const { config, logger } = options;
  const engines = createEngines(options);
  const configured = config.projects?.map((project) => buildProject(project, config.sources, engines.of));
  const everything =
    configured === undefined ? buildProject(undefined, config.sources, engines.of) : undefined;
  if (everything !== undefined && options.project !== undefined) throw noSuchProject();
  const fixed = everything ?? fixedProject(configured ?? [], options);
  const projects = createProjects(configured ?? (everything === undefined ? [] : [everything]), fixed);
  const searches = new WeakMap<CatalogView, SchemaSearch>();

  return {
    projects,
    cursors: createCursors(createTokenSigner(signerKeys(config.signing_keys))),
    defaultProject: fixed?.id,
    search(view) {
      const known = searches.get(view);
      if (known !== undefined) return known;
      const built = createSchemaSearch(view.relations, view.annotations, view.semantic);
      searches.set(view, built);
      return built;
    },
    async probe(signal) {
      for (const [id, engine] of engines.opened) {
        try {
          await engine.probe(signal);
        } catch (error) {
          if (isExcess(error)) throw error;
          logger.warn("the source did not answer the privilege probe; it is asked again at first use", {
            source: id,
            err: error,
          });
        }
      }
    },
    ready: Object.fromEntries(
      [...engines.opened].map(([id, engine]) => [id, () => engine.ping(AbortSignal.timeout(5_000))]),
    ),
    async close() {
      await Promise.all([...engines.opened.values()].map((engine) => engine.close()));
    },
  };
}

interface Engines {
  /** By source, or by source and role where a project brings a role of its own. */
  readonly opened: ReadonlyMap<string, ProbedEngine>;
  of(source: SourceConfig, role: string | undefined): Engine;
}

/** One engine per source and role: what a role may not see must not be in the catalog of its project. */
function createEngines(options: ServicesOptions): Engines {
  const opened = new Map<string, ProbedEngine>();
  return {
    opened,
    of(source, role) {
      const own = role === undefined || role === source.readonly_role;
      const key = own ? source.id : `${source.id} as ${role}`;
      const known = opened.get(key);
      if (known !== undefined) return known;
      const engine = engineOf(own ? source : { ...source, readonly_role: role }, options);
      opened.set(key, engine);
      return engine;
    },
  };
}

function engineOf(
  source: SourceConfig,
  { logger, privilegeCheck, beforeOpen }: ServicesOptions,
): ProbedEngine {
  const open = async (): Promise<Engine> => {
    await beforeOpen?.();
    if (source.kind === "postgres") {
      const { openPostgres } = await import("./engine/open-postgres.ts");
      return openPostgres(source, logger);
    }
    const { openDuckdb } = await import("./engine/open-duckdb.ts");
    return openDuckdb(source, logger);
  };
  return probedEngine(lazyEngine(source.kind, open), {
    sourceId: source.id,
    check: source.privilege_check ?? privilegeCheck,
    logger,
  });
}

function buildProject(
  project: ProjectConfig | undefined,
  sources: readonly SourceConfig[],
  engineFor: Engines["of"],
): Project {
  const chosen = sources.filter((source) => project?.sources?.includes(source.id) ?? true);
  return {
    id: project?.id ?? "default",
    active: project?.active ?? true,
    sources: new Map(
      chosen.map((source) => {
        const engine = engineFor(source, project?.readonly_role);
        return [source.id, createSource({ scope: { source, project }, engine })];
      }),
    ),
  };
}

/** The project of every caller: the one asked for, or the only choice there is for a local user. */
function fixedProject(
  configured: readonly Project[],
  { project: asked, local }: ServicesOptions,
): Project | undefined {
  const active = configured.filter((project) => project.active);
  if (asked !== undefined) {
    const project = active.find((each) => each.id === asked);
    if (project !== undefined) return project;
    throw noSuchProject();
  }
  if (!local) return undefined;
  if (active.length === 1) return active[0];
  throw new ToolError("CONFIG_ERROR", `The configuration has ${active.length} active projects; choose one.`, {
    hint: "Add --project ID.",
  });
}

function noSuchProject(): ToolError {
  return new ToolError("CONFIG_ERROR", "--project names no active project of the configuration.", {
    hint: "Projects are listed under projects: in the file given with --config.",
  });
}

function signerKeys(keys: readonly Secret[] | undefined) {
  return keys === undefined ? {} : { keys: keys.map((key) => key.reveal()) };
}

function isExcess(error: unknown): boolean {
  return isToolError(error) && error.details?.reason === "excessive_privileges";
}
