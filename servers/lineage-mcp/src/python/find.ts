import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface PythonFacts {
  readonly path: string;
  readonly version: string;
  /** Where pure packages are installed. */
  readonly purelib: string;
  readonly marimo?: string;
  readonly libraries: Readonly<Record<string, string>>;
}

const probe = `
import json, sys, sysconfig
from importlib.metadata import PackageNotFoundError, version
found = {}
for name in ("marimo", "pandas", "polars", "pyarrow", "duckdb"):
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps({"version": "%d.%d.%d" % sys.version_info[:3], "purelib": sysconfig.get_paths()["purelib"], "found": found}))
`;

/** What a Python is and has; undefined when it does not run. */
async function probePython(path: string): Promise<PythonFacts | undefined> {
  try {
    const { stdout } = await run(path, ["-c", probe], {
      timeout: 20_000,
      env: { ...process.env, LINEAGE_MCP_OFF: "1" },
    });
    const facts = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as {
      version: string;
      purelib: string;
      found: Record<string, string>;
    };
    const { marimo, ...libraries } = facts.found;
    return {
      path,
      version: facts.version,
      purelib: facts.purelib,
      libraries,
      ...(marimo === undefined ? {} : { marimo }),
    };
  } catch {
    return undefined;
  }
}

/** The Python that will run a notebook: named, active, beside it, the project tool's, then the path's. The first with marimo wins. */
export async function findPython(
  notebook: string | undefined,
  named: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<PythonFacts | undefined> {
  // A bare name is looked for on the path; anything else must mean the same in every folder.
  if (named !== undefined) return probePython(/[/\\]/.test(named) ? resolve(named) : named);
  let fallback: PythonFacts | undefined;
  for (const path of await candidates(notebook, env)) {
    const facts = await probePython(path);
    if (facts?.marimo !== undefined) return facts;
    fallback ??= facts;
  }
  return fallback;
}

/** What to tell when findPython found none. */
export function noPython(named: string | undefined): string {
  return named === undefined
    ? "no Python was found; name it with --python"
    : `${named} cannot be run as a Python; name another with --python`;
}

async function candidates(notebook: string | undefined, env: NodeJS.ProcessEnv): Promise<string[]> {
  const found: string[] = [];
  const add = (path: string | undefined) => {
    if (path !== undefined && existsSync(path) && !found.includes(path)) found.push(path);
  };
  if (env.VIRTUAL_ENV) add(inEnvironment(env.VIRTUAL_ENV));
  const folders = above(notebook === undefined ? process.cwd() : dirname(resolve(notebook)));
  for (const folder of folders) {
    for (const name of [".venv", "venv", "env"]) add(inEnvironment(join(folder, name)));
  }
  if (folders.some((folder) => existsSync(join(folder, "poetry.lock")))) add(await poetry(folders[0] ?? "."));
  if (env.CONDA_PREFIX) add(inEnvironment(env.CONDA_PREFIX));
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    for (const name of process.platform === "win32" ? ["python.exe"] : ["python3", "python"])
      add(join(folder, name));
  }
  return found.slice(0, 12);
}

function above(start: string): string[] {
  const folders: string[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === dirname(folder) || folder === homedir() || folders.length > 20) return folders;
  }
}

function inEnvironment(folder: string): string {
  return process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

async function poetry(cwd: string): Promise<string | undefined> {
  try {
    const { stdout } = await run("poetry", ["env", "info", "--executable"], { cwd, timeout: 10_000 });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
