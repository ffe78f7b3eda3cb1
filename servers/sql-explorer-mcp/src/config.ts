import { dirname, resolve } from "node:path";
import { configError, type FlagSetting, loadConfig, readEnvFields, ToolError } from "@mcp-data/core";
import { proxyFields, serverEnvFields, serverSettings } from "@mcp-data/core/start";
import { z } from "zod";
import { sourcesFromArguments } from "./config/from-arguments.ts";
import { projectSchema, sourceSchema } from "./config/source-config.ts";

const projectHeader = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/)
    .default("X-Project-Id")
    .describe("Header with the project's id."),
  ...proxyFields,
});

/** The whole configuration; its JSON Schema is published as config.schema.json. */
export const configSchema = z
  .strictObject({
    sources: z.array(sourceSchema).min(1).describe("Databases and files to serve."),
    projects: z.array(projectSchema).min(1).optional().describe("Named profiles over the sources."),
    project_header: projectHeader
      .optional()
      .describe("A gateway that names the caller's project; from others the header is ignored, claims win."),
    ...serverSettings,
  })
  .superRefine((config, context) => {
    for (const issue of crossProblems(config)) context.addIssue({ code: "custom", ...issue });
  });

export type ExplorerConfig = z.output<typeof configSchema>;

export interface ConfigRequest {
  readonly file?: string | undefined;
  /** Sources given as arguments; they replace the file's. */
  readonly sources: readonly unknown[];
  readonly flags: readonly FlagSetting[];
}

/** CONFIG_ERROR names each field that is wrong, the kind of its value and the fix. */
export function readConfig(request: ConfigRequest): ExplorerConfig {
  const sources = [...(request.file === undefined ? sourceFromEnv(process.env) : []), ...request.sources];
  if (request.file === undefined && sources.length === 0) {
    throw new ToolError("CONFIG_ERROR", "There is no source to serve.", {
      hint: "Give a postgres:// URL, a .duckdb file or a folder, or --config FILE, or --demo to try the sample shop.",
    });
  }
  const given = sources.length > 0 ? [{ flag: "SOURCE", field: "sources", value: sources }] : [];
  const config = loadConfig({
    schema: configSchema,
    ...(request.file === undefined ? {} : { file: request.file }),
    envFields: serverEnvFields("SQL_EXPLORER"),
    flags: [...given, ...request.flags],
  });
  return request.file === undefined ? config : withPathsFrom(config, dirname(resolve(request.file)));
}

/** A database URL with a password belongs here, not among the arguments. */
function sourceFromEnv(env: NodeJS.ProcessEnv): Record<string, unknown>[] {
  const { settings, problems } = readEnvFields(
    [{ name: "SQL_EXPLORER_DSN", field: "dsn", type: "secret" }],
    env,
  );
  if (problems.length > 0) throw configError(problems);
  return settings.flatMap(({ value }) => sourcesFromArguments([String(value)]));
}

interface Issue {
  readonly message: string;
  readonly path: (string | number)[];
}

function* crossProblems(config: {
  sources: readonly { id: string }[];
  projects?: readonly { id: string; sources?: readonly string[] | undefined }[] | undefined;
}): Generator<Issue> {
  const ids = config.sources.map((source) => source.id);
  yield* repeated(ids, "sources");
  yield* repeated(config.projects?.map((project) => project.id) ?? [], "projects");
  for (const [at, project] of (config.projects ?? []).entries()) {
    for (const [n, id] of (project.sources ?? []).entries()) {
      if (!ids.includes(id)) {
        yield {
          message: `names no source; sources are ${ids.join(", ")}`,
          path: ["projects", at, "sources", n],
        };
      }
    }
  }
}

function* repeated(ids: readonly string[], field: string): Generator<Issue> {
  for (const [at, id] of ids.entries()) {
    if (ids.indexOf(id) < at) yield { message: "is used twice", path: [field, at, "id"] };
  }
}

type Annotated = NonNullable<ExplorerConfig["sources"][number]["annotations"]>;

/** Paths in a file are relative to the file. */
function withPathsFrom(config: ExplorerConfig, folder: string): ExplorerConfig {
  const from = (path: string) => resolve(folder, path);
  const annotations = (given: Annotated) =>
    typeof given === "string"
      ? from(given)
      : { ...given, ...(given.file === undefined ? {} : { file: from(given.file) }) };
  return {
    ...config,
    sources: config.sources.map((source) => ({
      ...source,
      ...(source.path === undefined
        ? {}
        : { path: typeof source.path === "string" ? from(source.path) : source.path.map(from) }),
      ...(source.semantic === undefined ? {} : { semantic: from(source.semantic) }),
      ...(source.annotations === undefined ? {} : { annotations: annotations(source.annotations) }),
    })),
    ...(config.projects === undefined
      ? {}
      : {
          projects: config.projects.map((project) => ({
            ...project,
            ...(project.annotations === undefined ? {} : { annotations: annotations(project.annotations) }),
          })),
        }),
  } as ExplorerConfig;
}
