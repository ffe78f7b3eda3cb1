import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FlagValues, type Logger, ToolError } from "@mcp-data/core";
import { serverFlagFields } from "@mcp-data/core/start";
import type { commandLine } from "./command-line.ts";
import { type LineageConfig, readConfig } from "./config.ts";
import { createServer } from "./create-server.ts";
import { createServices } from "./create-services.ts";
import { chooseHome, type Home, openHome } from "./data/home.ts";
import { notebooksFrom } from "./data/notebook.ts";
import { registerFolders, registerNotebooks } from "./data/registry.ts";
import { packageRoot } from "./package-root.ts";
import { servePage } from "./page/serve.ts";
import { captureEnvironment } from "./python/environment.ts";
import { findPython, noPython } from "./python/find.ts";
import type { CaptureFinding } from "./python/finding.ts";
import { type Launched, launchNotebook } from "./python/launch.ts";
import { prepareCapture } from "./python/prepare.ts";

export type Flags = FlagValues<typeof commandLine.flags>;

export interface Serving {
  readonly closed: Promise<void>;
}

/** Settings and data directory of a command line. */
function settingsOf(flags: Flags): { config: LineageConfig; home: Home } {
  const home = openHome(
    chooseHome({ dataDir: flags["data-dir"], devMode: flags["dev-mode"], notebooks: flags.notebook ?? [] }),
  );
  const config = readConfig({
    file: flags.config,
    settings: home.settings,
    flags: [
      { flag: "--notebook", field: "notebooks", value: flags.notebook },
      { flag: "--python", field: "python", value: flags.python },
      { flag: "--install", field: "install", value: flags.install },
      { flag: "--source", field: "source", value: flags.source },
      { flag: "--stats", field: "stats", value: flags.stats },
      { flag: "--namespace", field: "namespace", value: flags.namespace },
      { flag: "--retain-days", field: "retain_days", value: flags["retain-days"] },
      { flag: "--ui", field: "ui", value: flags.ui },
      ...Object.entries(serverFlagFields).map(([flag, field]) => ({
        flag: `--${flag}`,
        field,
        value: flags[flag as keyof typeof serverFlagFields],
      })),
    ],
  });
  return { config, home };
}

/** From the command line to a running server. */
export async function serve(flags: Flags, logger: Logger): Promise<Serving> {
  if (flags.demo) return serveDemo(flags, logger);
  const { config, home } = settingsOf(flags);
  const { notebooks, folders } = notebooksFrom(config.notebooks);
  if (flags.launch !== undefined && notebooks.length !== 1) {
    throw new ToolError("CONFIG_ERROR", "--launch starts one notebook.", {
      hint: "Give exactly one --notebook.",
    });
  }
  const options = { source: config.source, stats: config.stats, namespace: config.namespace };
  registerNotebooks(home, notebooks, options);
  registerFolders(home, folders);
  const say = (text: string) => void process.stderr.write(`lineage-mcp: ${text}\n`);
  const prepared: Promise<CaptureFinding> =
    notebooks.length === 0 && folders.length === 0
      ? Promise.resolve({
          state: "not_installed",
          fix: "no notebook was named; start with --notebook PATH",
          unparsable: [],
        })
      : prepareCapture({
          notebooks,
          python: config.python,
          install: config.install,
          launched: flags.launch !== undefined,
          home: home.root,
          logger,
          say,
        });
  const closing = new AbortController();
  let child: Launched | undefined;
  if (flags.launch !== undefined)
    launch(flags.launch, notebooks[0]?.path ?? "", config, home, logger, closing.signal).then(
      (launched) => {
        child = launched;
      },
      (err) => logger.error("the notebook could not be started", { err }),
    );
  // What it launched ends with it; the database need not wait for that.
  const stop = async () => {
    closing.abort();
    await child?.stop();
  };
  return run(
    flags,
    config,
    home,
    { notebooks, capture: () => prepared, demo: false, logger },
    async () => void stop(),
    stop,
  );
}

async function launch(
  mode: "edit" | "run" | "script",
  notebook: string,
  config: LineageConfig,
  home: Home,
  logger: Logger,
  closing: AbortSignal,
): Promise<Launched | undefined> {
  const python = await findPython(notebook, config.python);
  if (python === undefined)
    throw new ToolError("CONFIG_ERROR", "The notebook cannot be started.", { hint: noPython(config.python) });
  if (closing.aborted) return undefined;
  const env = captureEnvironment(home.root, {
    source: config.source,
    stats: config.stats,
    namespace: config.namespace,
    everything: false,
  });
  return launchNotebook({ mode, python: python.path, notebook, env, logger });
}

/** The recorded session that ships, in a copy of its own. */
async function serveDemo(flags: Flags, logger: Logger): Promise<Serving> {
  const folder = mkdtempSync(join(tmpdir(), "lineage-mcp-demo-"));
  const home = openHome(folder);
  cpSync(join(packageRoot(), "demo"), home.events, { recursive: true });
  const config = readConfig({
    file: undefined,
    settings: home.settings,
    flags: [
      { flag: "--http", field: "http.listen", value: flags.http },
      { flag: "--ui", field: "ui", value: flags.ui },
      { flag: "--groups", field: "groups", value: flags.groups },
    ],
  });
  const capture = async (): Promise<CaptureFinding> => ({ state: "demo", unparsable: [] });
  return run(
    flags,
    config,
    home,
    { notebooks: [], capture, demo: true, logger },
    async () => undefined,
    () => rmSync(folder, { recursive: true, force: true }),
  );
}

async function run(
  flags: Flags,
  config: LineageConfig,
  home: Home,
  rest: Pick<Parameters<typeof createServices>[0], "notebooks" | "capture" | "demo" | "logger">,
  onClose: () => Promise<void>,
  after: () => unknown = () => undefined,
): Promise<Serving> {
  const services = createServices({ config, home, ...rest });
  const page = config.ui ? await servePage(services, rest.logger) : undefined;
  if (page !== undefined) process.stderr.write(`lineage-mcp: the page is at ${page.url}\n`);
  const close = async () => {
    await page?.close();
    await onClose();
  };
  if (flags.standalone && config.http?.listen === undefined) {
    const closed = new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    }).then(async () => {
      await close();
      await services.close();
      await after();
    });
    // Holds the process while nothing else does.
    const hold = setInterval(() => undefined, 60_000);
    return { closed: closed.finally(() => clearInterval(hold)) };
  }
  const server = await createServer({ config, services, logger: rest.logger, onClose: close });
  if (server.url !== undefined) process.stderr.write(`lineage-mcp listening on ${server.url}\n`);
  return { closed: server.closed.finally(after) };
}
