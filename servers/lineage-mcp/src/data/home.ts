import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The folders and files of one data directory, under the roadmap's names. */
export interface Home {
  readonly root: string;
  readonly events: string;
  readonly database: string;
  readonly settings: string;
  readonly registry: string;
  readonly socket: string;
}

export interface HomeChoice {
  readonly dataDir?: string | undefined;
  readonly devMode?: boolean | undefined;
  readonly notebooks?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** LINEAGE_MCP_HOME, HUNYO_DATA_DIR, `.hunyo` of the project, then `~/.hunyo`; a flag wins over all. */
export function chooseHome(choice: HomeChoice): string {
  const env = choice.env ?? process.env;
  const cwd = choice.cwd ?? process.cwd();
  const named = choice.dataDir ?? (env.LINEAGE_MCP_HOME || env.HUNYO_DATA_DIR);
  if (named !== undefined && named !== "") return resolve(cwd, named);
  const development = choice.devMode ?? ["1", "true", "yes"].includes(env.HUNYO_DEV_MODE ?? "");
  if (development) return join(cwd, ".hunyo");
  const start = choice.notebooks?.[0] === undefined ? cwd : dirname(resolve(cwd, choice.notebooks[0]));
  return projectHome(start) ?? join(homedir(), ".hunyo");
}

/** An existing `.hunyo` in the folder or above it, up to the home directory. */
function projectHome(start: string): string | undefined {
  const stop = homedir();
  for (let folder = start; folder !== stop && folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, ".hunyo"))) return join(folder, ".hunyo");
  }
  return undefined;
}

/** Makes what is missing, for this user only. */
export function openHome(root: string): Home {
  const home: Home = {
    root,
    events: join(root, "events"),
    database: join(root, "database", "lineage.duckdb"),
    settings: join(root, "config", "settings.yaml"),
    registry: join(root, "registry"),
    socket: join(root, "run", "owner.sock"),
  };
  for (const folder of [
    root,
    home.events,
    dirname(home.database),
    dirname(home.settings),
    home.registry,
    dirname(home.socket),
  ]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  // A long one is known by its digest: however the home is spelled, it is one place.
  return { ...home, socket: join(realpathSync(root), "run", "owner.sock") };
}
