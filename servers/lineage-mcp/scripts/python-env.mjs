import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The environments the tests need, by name. */
export const pythonEnvs = JSON.parse(readFileSync(new URL("python-envs.json", import.meta.url), "utf8"));

/**
 * Makes a virtual environment of PyPI packages once per machine, outside the checkout.
 * Returns { python, version }; rejects with the command that shows what failed.
 */
export async function pythonEnv(name) {
  const wanted = pythonEnvs[name];
  if (wanted === undefined)
    throw new Error(`no Python environment ${name}; there are ${Object.keys(pythonEnvs).join(", ")}`);
  const base = interpreter(wanted.python);
  const { stdout } = await run(base, ["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"]);
  const version = stdout.trim();
  const key = createHash("sha256")
    .update(JSON.stringify([version, wanted.packages]))
    .digest("hex")
    .slice(0, 12);
  const folder = join(cacheFolder(), `${name}-${key}`);
  const python = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  if (existsSync(join(folder, "complete"))) return { python, version, folder };
  await build(base, folder, wanted.packages);
  return { python, version, folder };
}

async function build(base, folder, packages) {
  mkdirSync(cacheFolder(), { recursive: true });
  const lock = `${folder}.lock`;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch {
      if (existsSync(join(folder, "complete"))) return;
      if (!alive(lock)) rmSync(lock, { force: true });
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  try {
    if (existsSync(join(folder, "complete"))) return;
    // Scripts of a virtual environment hold its path: it is built where it stays.
    rmSync(folder, { recursive: true, force: true });
    await run(base, ["-m", "venv", folder], { maxBuffer: 1e8 });
    const pip = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--only-binary",
      ":all:",
      "--no-cache-dir",
    ];
    await run(
      join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python"),
      [...pip, ...packages],
      { maxBuffer: 1e8 },
    );
    const mark = join(folder, "complete.new");
    writeFileSync(mark, "");
    renameSync(mark, join(folder, "complete"));
  } finally {
    rmSync(lock, { force: true });
  }
}

function alive(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(base, "mcp-data", "python");
}

/** A Python of that version if the machine has one, else any. */
function interpreter(version) {
  const found = interpreters();
  return (
    found.find((each) => each.version === version)?.path ??
    found.find((each) => each.version === "3.11")?.path ??
    "python3"
  );
}

/** Every CPython 3.10+ on PATH and in pyenv, one per minor version. */
export function interpreters() {
  const seen = new Map();
  const pyenv = join(process.env.PYENV_ROOT || join(homedir(), ".pyenv"), "versions");
  if (existsSync(pyenv)) {
    for (const name of readdirSync(pyenv)) {
      const minor = /^(3\.\d+)\.\d+$/.exec(name)?.[1];
      const path = join(pyenv, name, "bin/python");
      if (minor !== undefined && Number(minor.slice(2)) >= 10 && existsSync(path)) seen.set(minor, path);
    }
  }
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (folder.includes("shims")) continue;
    for (let minor = 10; minor < 20; minor += 1) {
      const path = join(folder, `python3.${minor}`);
      if (!seen.has(`3.${minor}`) && existsSync(path)) seen.set(`3.${minor}`, path);
    }
  }
  return [...seen]
    .map(([version, path]) => ({ version, path }))
    .sort((a, b) => a.version.localeCompare(b.version, "en", { numeric: true }));
}

if (process.argv[1] === import.meta.filename) {
  const names = process.argv.slice(2);
  for (const name of names.length > 0 ? names : Object.keys(pythonEnvs)) {
    const env = await pythonEnv(name);
    process.stdout.write(`${name}\t${env.version}\t${env.python}\n`);
  }
}
