import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createEventValidator } from "../src/events/validate.ts";
import { listEventFiles } from "../src/ingest/files.ts";
import { bootstrapFolder } from "../src/python/environment.ts";
import { envNames, pythonOf, runPython } from "./support/python.ts";
import { tempFolder } from "./support/recorded.ts";

const slow = 300_000;
const hostile = join(import.meta.dirname, "python/hostile.py");

test.each(envNames)(
  "strange frames, labels, threads, forks and patches behave as without the recorder, on %s",
  { timeout: slow },
  async (name) => {
    const python = await pythonOf(name);
    const home = tempFolder();
    const plain = await runPython(python, [hostile]);
    const recorded = await runPython(python, [hostile], home);
    expect(plain.stderr.trim().split("\n").at(-1)).toBe("KeyError: 'the end'");
    expect(recorded.stdout).toBe(plain.stdout);
    expect(recorded.code).toBe(plain.code);
    expect(recorded.stderr.trim().split("\n").at(-1)).toBe(plain.stderr.trim().split("\n").at(-1));
    const validator = createEventValidator();
    const events = listEventFiles(join(home, "events")).flatMap(({ absolute }) =>
      readFileSync(absolute, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => validator.line(line)),
    );
    expect(events.filter((event) => !event.ok)).toEqual([]);
    // A child that forked away ends nothing and repeats nothing.
    const kinds = events.flatMap((checked) => (checked.ok ? [String(checked.event.event_type)] : []));
    expect(kinds.filter((kind) => kind === "session_end")).toHaveLength(1);
    const captures = events.flatMap((checked) =>
      checked.ok && checked.event.capture !== undefined ? [checked.event.capture] : [],
    );
    expect(captures.length).toBeGreaterThan(10);
    for (const capture of captures) expect(capture).toMatchObject({ dropped: 0 });
    for (const capture of captures)
      if ("failures" in (capture as object)) expect(capture).toMatchObject({ failures: 0 });
  },
);

test("nowhere to write costs the events, never the notebook", { timeout: slow }, async () => {
  const python = await pythonOf("newest");
  const script = join(tempFolder(), "small.py");
  writeFileSync(
    script,
    `import marimo
app = marimo.App()
@app.cell
def one():
    import pandas as pd
    print(pd.DataFrame({"a": [1, 2]}).assign(b=1)["b"].sum())
    return
if __name__ == "__main__":
    app.run()
`,
  );
  const expected = { code: 0, stdout: "2\n", stderr: "" };
  const file = join(tempFolder(), "file");
  writeFileSync(file, "");
  const closed = join(tempFolder(), "closed");
  mkdirSync(join(closed, "events"), { recursive: true });
  chmodSync(join(closed, "events"), 0o500);
  for (const home of [file, join(file, "below"), "/proc/none", closed, "/dev/null"])
    expect(await runPython(python, [script], home), home).toEqual(expected);
  // marimo itself complains of that home.
  expect(await runPython(python, [script], tempFolder(), { HOME: "/proc/none" })).toMatchObject({
    code: 0,
    stdout: "2\n",
  });
  expect(
    await runPython(python, [script], tempFolder(), {
      LINEAGE_MCP_ROTATE_BYTES: "much",
      LINEAGE_MCP_STATS: "?",
    }),
  ).toEqual(expected);
  for (const flag of ["-I", "-E", "-S", "-s", "-O", "-OO", "-X utf8=0"])
    if (flag !== "-S")
      expect((await runPython(python, [...flag.split(" "), script], tempFolder())).stdout, flag).toBe("2\n");
  // Without site no package is found, marimo no more than ours.
  expect((await runPython(python, ["-S", "-c", "print(1)"], tempFolder())).stdout).toBe("1\n");
});

test("a sitecustomize of the user's own runs, and fails as it would", { timeout: slow }, async () => {
  const python = await pythonOf("newest");
  for (const [body, said] of [
    ["print('theirs')", "theirs"],
    ["raise RuntimeError('theirs')", ""],
    ["import sys; sys.exit(3)", ""],
  ] as const) {
    const other = tempFolder();
    writeFileSync(join(other, "sitecustomize.py"), `${body}\n`);
    const env = (path: string) => ({ PYTHONPATH: path, LINEAGE_MCP: "1", LINEAGE_MCP_HOME: tempFolder() });
    const plain = await runPython(python, ["-c", "print('body')"], undefined, env(other));
    const ours = await runPython(
      python,
      ["-c", "print('body')"],
      undefined,
      env(`${bootstrapFolder()}:${other}`),
    );
    expect(ours.code, body).toBe(plain.code);
    expect(ours.stdout, body).toBe(plain.stdout);
    expect(plain.stdout).toContain(said);
    const last = (text: string) => text.trim().split("\n").at(-1);
    expect(last(ours.stderr), body).toBe(last(plain.stderr));
  }
});
