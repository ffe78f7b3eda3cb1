import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createEventValidator } from "../src/events/validate.ts";
import { listEventFiles } from "../src/ingest/files.ts";
import { envNames, pythonOf, runPython, steady } from "./support/python.ts";
import { tempFolder } from "./support/recorded.ts";

test.each(envNames)(
  "marimo's own tutorials on %s: same output, exit code and bytes with the recorder",
  { timeout: 900_000 },
  async (name) => {
    const python = await pythonOf(name);
    const source = execFileSync(
      python,
      ["-c", "import marimo, os; print(os.path.join(os.path.dirname(marimo.__file__), '_tutorials'))"],
      { encoding: "utf8" },
    ).trim();
    const folder = tempFolder();
    cpSync(source, folder, { recursive: true });
    const home = tempFolder();
    const files = readdirSync(folder).filter((file) => file.endsWith(".py") && file !== "__init__.py");
    expect(files.length).toBeGreaterThan(6);
    for (const file of files) {
      // Alone: markdown.py beside a script would stand in for the package of that name.
      const path = join(tempFolder(), file);
      cpSync(join(folder, file), path);
      const before = readFileSync(path);
      const [plain, recorded] = await Promise.all([
        runPython(python, [path]),
        runPython(python, [path], home),
      ]);
      expect.soft(steady(recorded.stdout), file).toBe(steady(plain.stdout));
      expect.soft(recorded.code, file).toBe(plain.code);
      expect.soft(steady(recorded.stderr), file).toBe(steady(plain.stderr));
      expect.soft(readFileSync(path).equals(before), file).toBe(true);
    }
    const validator = createEventValidator();
    const lines = listEventFiles(join(home, "events")).flatMap(({ absolute }) =>
      readFileSync(absolute, "utf8").split("\n").filter(Boolean),
    );
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.map((line) => validator.line(line)).filter((checked) => !checked.ok)).toEqual([]);
  },
);
