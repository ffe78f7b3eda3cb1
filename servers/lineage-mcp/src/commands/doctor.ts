import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chooseHome } from "../data/home.ts";
import { createEventValidator, type Json } from "../events/validate.ts";
import { listEventFiles } from "../ingest/files.ts";
import { bootstrapFolder, captureEnvironment } from "../python/environment.ts";
import { findPython, noPython } from "../python/find.ts";
import { isInstalled } from "../python/install.ts";
import type { CommandFlags } from "./flags.ts";
import { homeOf, say } from "./say.ts";

const run = promisify(execFile);
const probe = `import marimo

app = marimo.App()


@app.cell
def made():
    numbers = [1, 2, 3]
    try:
        import pandas as pd
        frame = pd.DataFrame({"a": numbers})
        doubled = frame.assign(b=lambda d: d["a"] * 2)
    except ImportError:
        frame = doubled = None
    return (doubled,)


if __name__ == "__main__":
    app.run()
`;

/** Runs a notebook of its own in the user's Python, in every way there is, and says what was seen. */
export async function doctor(values: CommandFlags<"doctor">): Promise<number> {
  say(`data directory: ${chooseHome(homeOf(values))}`);
  const python = await findPython(values.notebook?.[0], values.python);
  if (python === undefined) {
    say(`FAIL ${noPython(values.python)}`);
    return 1;
  }
  say(
    `python: ${python.path} (${python.version}); marimo ${python.marimo ?? "not installed"}; ${
      Object.entries(python.libraries)
        .map(([name, version]) => `${name} ${version}`)
        .join(", ") || "no DataFrame library"
    }`,
  );
  if (python.marimo === undefined) {
    say("FAIL marimo is not installed there");
    return 1;
  }
  const automatic = await recorded(python.path, probe, true);
  report("recording without touching the notebook", automatic, python.libraries.pandas !== undefined);
  say(
    `${isInstalled(python) ? "ok  " : "note"} ${isInstalled(python) ? "installed" : "not installed"} in this Python: a notebook started by hand is ${isInstalled(python) ? "recorded when it is registered" : "not recorded; lineage-mcp install changes that"}`,
  );
  if (automatic.cells > 0) return automatic.invalid === 0 ? 0 : 1;
  const line = `import sys; sys.path.append(${JSON.stringify(bootstrapFolder())}); import lineage_mcp_capture.notebook`;
  const byHand = await recorded(
    python.path,
    probe.replace(
      "@app.cell\ndef made",
      `@app.cell\ndef _():\n    ${line}\n    return\n\n\n@app.cell\ndef made`,
    ),
    false,
  );
  report("recording by one line in the notebook", byHand, python.libraries.pandas !== undefined);
  if (byHand.cells > 0) say(`Add this line to the first cell:\n    ${line}`);
  else if (olderThan(python.marimo, [0, 13])) say("marimo 0.13 or later can be recorded; update it there.");
  else say("This version of marimo cannot be recorded; tell the maintainers its version.");
  return 1;
}

function olderThan(version: string, [major, minor]: readonly [number, number]): boolean {
  const [first = 0, second = 0] = version.split(".").map(Number);
  return first < major || (first === major && second < minor);
}

interface Seen {
  readonly cells: number;
  readonly operations: number;
  readonly invalid: number;
  readonly failure?: string;
}

async function recorded(python: string, notebook: string, automatic: boolean): Promise<Seen> {
  const folder = mkdtempSync(join(tmpdir(), "lineage-mcp-doctor-"));
  try {
    const file = join(folder, "probe.py");
    writeFileSync(file, notebook);
    const env = captureEnvironment(join(folder, "home"), { source: true, stats: "off", everything: true });
    if (!automatic) delete env.PYTHONPATH;
    await run(python, [file], { env: { ...process.env, ...env }, timeout: 60_000, cwd: folder });
    if (readFileSync(file, "utf8") !== notebook)
      return { cells: 0, operations: 0, invalid: 0, failure: "the notebook was changed" };
    return count(join(folder, "home", "events"));
  } catch (error) {
    return {
      cells: 0,
      operations: 0,
      invalid: 0,
      failure: lastLine((error as { stderr?: string }).stderr) ?? lastLine(String(error)) ?? "unknown",
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lastLine(text: string | undefined): string | undefined {
  return text?.trim().split("\n").at(-1) || undefined;
}

function count(events: string): Seen {
  const validator = createEventValidator();
  let [cells, operations, invalid] = [0, 0, 0];
  for (const file of listEventFiles(events)) {
    for (const line of readFileSync(file.absolute, "utf8").split("\n").filter(Boolean)) {
      const checked = validator.line(line);
      if (!checked.ok) invalid += 1;
      else if ((checked.event as Json).event_type === "cell_execution_end") cells += 1;
      else if ((checked.event as Json).event_type === "dataframe_lineage") operations += 1;
    }
  }
  return { cells, operations, invalid };
}

function report(what: string, seen: Seen, pandas: boolean): void {
  const good = seen.cells > 0 && seen.invalid === 0 && (!pandas || seen.operations > 0);
  say(
    `${good ? "ok  " : "FAIL"} ${what}: ${seen.cells} cell runs, ${seen.operations} operations, ${seen.invalid} invalid events${seen.failure === undefined ? "" : `; ${seen.failure}`}`,
  );
}
