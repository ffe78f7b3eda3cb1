import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { demoFolder } from "../../test/support/recorded.ts";
import { type Checks, loadChecks } from "./checks.ts";
import { compiledChecks } from "./testing/compiled-checks.ts";
import { createEventValidator } from "./validate.ts";

const lines = readdirSync(demoFolder).flatMap((name) =>
  readFileSync(join(demoFolder, name), "utf8").split("\n").filter(Boolean),
);

/** Every way to leave something out, and to make something a number, at every depth. */
function* broken(value: unknown): Generator<unknown> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const copy = Array.isArray(value) ? [...value] : { ...value };
    if (Array.isArray(value)) {
      (copy as unknown[])[Number(key)] = 7;
      yield copy;
    } else {
      yield { ...copy, [key]: 7 };
      delete (copy as Record<string, unknown>)[key];
      yield copy;
    }
    for (const inner of broken(part)) {
      const outer = Array.isArray(value) ? [...value] : { ...value };
      (outer as Record<string, unknown>)[key] = inner;
      yield outer;
    }
  }
}

test("compiled at build time, the schemas judge as they do from their files", async () => {
  // Beside the sources, so that what the code requires is found.
  const file = join(import.meta.dirname, `compiled-${process.pid}.mjs`);
  try {
    const banner = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);\n`;
    writeFileSync(file, banner + compiledChecks());
    const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { loadChecks(): Checks };
    const [files, built] = [createEventValidator(loadChecks()), createEventValidator(module.loadChecks())];
    let refused = 0;
    for (const [at, line] of lines.entries()) {
      expect(built.line(line)).toEqual(files.line(line));
      expect(files.line(line).ok).toBe(true);
      if (at % 9 !== 0) continue;
      for (const event of broken(JSON.parse(line))) {
        const verdict = files.event(event);
        expect(built.event(event)).toEqual(verdict);
        if (!verdict.ok) refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(500);
  } finally {
    rmSync(file);
  }
});
