import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "./support/cli.ts";
import { pythonOf, runPython } from "./support/python.ts";
import { openRecorded, tempFolder } from "./support/recorded.ts";

const notebookText = `import marimo

app = marimo.App()


@app.cell
def make():
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    return (frame,)


@app.cell
async def wait(frame):
    import asyncio

    await asyncio.sleep(0.01)
    doubled = frame.assign(c=frame["a"] * 2)
    return (doubled,)


@app.cell
def fail(doubled):
    wrong = doubled["none"]
    return (wrong,)


@app.cell
def below(wrong):
    never = wrong + 1
    return (never,)


if __name__ == "__main__":
    app.run()
`;

/** A project nobody prepared: a notebook and a virtual environment that sees the packages of the shared one. */
async function project() {
  const base = await pythonOf("newest");
  const folder = tempFolder();
  execFileSync(base, ["-m", "venv", "--without-pip", join(folder, ".venv")]);
  const python = join(folder, ".venv/bin/python");
  const purelib = (path: string) =>
    execFileSync(path, ["-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], {
      encoding: "utf8",
    }).trim();
  const site = purelib(python);
  // Metadata is found through it as well: entry points of marimo's own packages.
  writeFileSync(join(site, "shared.pth"), `${purelib(base)}\n`);
  const notebook = join(folder, "nb.py");
  writeFileSync(notebook, notebookText);
  return { python, notebook, site, home: join(folder, "home") };
}

/** Serves until it has said something that matches, then the client goes. */
async function serveUntil(said: RegExp, ...args: string[]): Promise<string> {
  const child = spawn(cli.command, [...cli.args, ...args], {
    stdio: ["pipe", "ignore", "pipe"],
    env: { ...process.env, VIRTUAL_ENV: "" },
  });
  let text = "";
  child.stderr.on("data", (bytes: Buffer) => {
    text += bytes.toString();
  });
  await expect.poll(() => text, { timeout: 60_000 }).toMatch(said);
  const ended = once(child, "exit");
  child.stdin.end();
  await ended;
  return text;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** marimo started by hand, a browser's part played by the driver. */
async function byHand(mode: "edit" | "run", python: string, notebook: string): Promise<string> {
  const port = await freePort();
  const child = spawn(
    python,
    ["-m", "marimo", mode, notebook, "--headless", "--no-token", "--port", String(port)],
    { stdio: "ignore", detached: true },
  );
  try {
    const url = `http://127.0.0.1:${port}`;
    await expect
      .poll(
        () =>
          fetch(url).then(
            ({ ok }) => ok,
            () => false,
          ),
        { timeout: 60_000, interval: 200 },
      )
      .toBe(true);
    const driven = await runPython(await pythonOf("newest"), [
      join(import.meta.dirname, "python/drive.py"),
      url,
      ...(mode === "edit" ? ["again", "make"] : []),
    ]);
    return `${driven.stdout}${driven.stderr}`;
  } finally {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }
}

test("after plain --notebook, marimo edit, marimo run and python started by hand are recorded", {
  timeout: 300_000,
}, async () => {
  const { python, notebook, site, home } = await project();
  const before = readFileSync(notebook);
  const bare = await runPython(python, [notebook]);
  expect(
    await serveUntil(/recording was set up in .*uninstall/, "--notebook", notebook, "--data-dir", home),
  ).toContain(python);

  const script = await runPython(python, [notebook]);
  expect({ code: script.code, stdout: script.stdout }).toEqual({ code: bare.code, stdout: bare.stdout });
  expect(script.stderr.trim().split("\n").at(-1)).toBe(bare.stderr.trim().split("\n").at(-1));
  expect(await byHand("run", python, notebook)).toMatch(/completed [1-9]/);
  expect(await byHand("edit", python, notebook)).toMatch(/completed 2/);
  expect(readFileSync(notebook).equals(before)).toBe(true);

  await using tools = openRecorded(join(home, "events"));
  const { runs } = await tools.ask<{
    runs: { cell_name: string; status: string; mode: string; trigger: string | null }[];
  }>("get_cell_runs", { limit: 100 });
  const seen = (mode: string) =>
    runs
      .filter((run) => run.mode === mode)
      .map(({ cell_name, status, trigger }) => `${cell_name} ${status} ${trigger ?? "-"}`)
      .sort();
  expect(seen("script")).toEqual(["fail failed startup", "make completed startup", "wait completed startup"]);
  const first = [
    "below skipped -",
    "fail failed startup",
    "make completed startup",
    "wait completed startup",
  ];
  expect(seen("run")).toEqual(first);
  expect(seen("edit")).toEqual(
    [
      ...first,
      "below skipped -",
      "fail failed reactive",
      "make completed run",
      "wait completed reactive",
    ].sort(),
  );
  const [why] = await tools.services.memory.rows(
    "SELECT count(*) AS n FROM runtime_events WHERE event_type = 'cell_skipped'",
  );
  expect(Number(why?.n)).toBe(3);

  execFileSync(cli.command, [...cli.args, "uninstall", "--python", python], { stdio: "pipe" });
  expect(existsSync(join(site, "lineage_mcp_capture"))).toBe(false);
  expect(existsSync(join(site, "lineage_mcp_capture.pth"))).toBe(false);
});

test("--no-install writes nothing into the project's Python", { timeout: 120_000 }, async () => {
  const { python, notebook, site, home } = await project();
  const child = spawn(
    cli.command,
    [...cli.args, "--notebook", notebook, "--data-dir", home, "--no-install", "--python", python],
    { stdio: ["pipe", "ignore", "pipe"] },
  );
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const ended = once(child, "exit");
  child.stdin.end();
  await ended;
  expect(existsSync(join(site, "lineage_mcp_capture"))).toBe(false);
  await runPython(python, [notebook]);
  expect(
    existsSync(join(home, "events")) && (await import("node:fs")).readdirSync(join(home, "events")),
  ).toEqual([]);
});
