import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "./support/cli.ts";
import { pythonOf, shopNotebook } from "./support/python.ts";
import { demoFolder, openRecorded, tempFolder } from "./support/recorded.ts";

const slow = 300_000;

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return runIn(process.cwd(), ...args);
}

/** Where no environment is active. */
function runIn(cwd: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { VIRTUAL_ENV: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(
      cli.command,
      [...cli.args, ...args],
      { cwd, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

test("an export of all families, imported elsewhere, is the same; imported again it adds nothing", {
  timeout: slow,
}, async () => {
  const from = tempFolder();
  await (await import("node:fs/promises")).cp(demoFolder, join(from, "events"), { recursive: true });
  const file = join(from, "all.ndjson");
  expect((await run("export", "--data-dir", from, "--family", "all", "--to", file)).stderr).toContain(
    "174 events exported",
  );
  const to = tempFolder();
  expect((await run("import", "--data-dir", to, file)).stdout).toContain("174 new events, 0 refused");
  expect((await run("import", "--data-dir", to, file)).stdout).toContain("0 new events, 0 refused");
  const again = join(to, "again.ndjson");
  await run("export", "--data-dir", to, "--family", "all", "--to", again);
  const sorted = (path: string) => readFileSync(path, "utf8").split("\n").sort();
  expect(sorted(again)).toEqual(sorted(file));
  await using original = openRecorded();
  await using copy = openRecorded(join(to, "events"));
  const question = { dataset: "summary.csv", depth: 0 };
  expect((await copy.ask<{ edges: unknown }>("get_column_lineage", question)).edges).toEqual(
    (await original.ask<{ edges: unknown }>("get_column_lineage", question)).edges,
  );
});

test("foreign RunEvents are imported; what is not valid is refused with its reason", {
  timeout: slow,
}, async () => {
  const home = tempFolder();
  const file = join(home, "events.json");
  const event = {
    eventType: "COMPLETE",
    eventTime: "2026-01-01T00:00:00Z",
    producer: "https://example.com/spark",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: { runId: "0190a3f2-0000-7000-8000-000000000001" },
    job: { namespace: "spark", name: "load" },
    inputs: [{ namespace: "s3://lake", name: "raw/orders" }],
    outputs: [{ namespace: "s3://lake", name: "clean/orders" }],
  };
  writeFileSync(file, JSON.stringify([event, { ...event, run: { runId: "no uuid" } }]));
  const done = await run("import", "--data-dir", home, file);
  expect(done.stdout).toContain("1 new events, 1 refused");
  expect(done.stderr).toContain("uuid");
  expect(done.code).toBe(1);
  await using tools = openRecorded(join(home, "events"));
  expect(await tools.ask("get_lineage", { node: "clean/orders" })).toMatchObject({
    edges: [{ from: "s3://lake/raw/orders", to: "s3://lake/clean/orders" }],
  });
});

test("export to an endpoint sends each RunEvent once and goes on after a failure", {
  timeout: slow,
}, async () => {
  const received: string[] = [];
  let calls = 0;
  const endpoint = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      calls += 1;
      if (calls === 3) response.writeHead(503).end();
      else {
        received.push(Buffer.concat(parts).toString());
        response.writeHead(201).end();
      }
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
  const home = tempFolder();
  await (await import("node:fs/promises")).cp(demoFolder, join(home, "events"), { recursive: true });
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/api/v1/lineage`;
  const done = await run("export", "--data-dir", home, "--to", url, "--flavor", "marquez");
  endpoint.close();
  expect(done.stderr).toContain("40 events exported");
  expect(new Set(received).size).toBe(40);
});

test("validate names file, line and reason", { timeout: slow }, async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "bad.jsonl"), '{"event_type":"cell_execution_end","schema_version":2}\n');
  const bad = await run("validate", folder);
  expect(bad.code).toBe(1);
  expect(bad.stdout).toMatch(/bad\.jsonl:1: .*required/);
  expect(await run("validate", demoFolder)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("174 valid, 0 not"),
  });
});

test("run keeps the command's output and exit code", { timeout: slow }, async () => {
  const python = await pythonOf("newest");
  const home = tempFolder();
  expect(
    await run("run", "--data-dir", home, "--", python, "-c", "import sys; print('out'); sys.exit(7)"),
  ).toMatchObject({ code: 7, stdout: "out\n" });
  const shop = await run("run", "--data-dir", home, "--", python, shopNotebook());
  expect(shop).toMatchObject({ code: 1, stdout: expect.stringContaining("customer") });
  const status = JSON.parse((await run("status", "--data-dir", home)).stdout);
  expect(status).toMatchObject({ dead_letters: 0, sessions: [{ runs: 9 }] });
  expect((await run("run", "--data-dir", home)).code).toBe(2);
  expect((await run("run", "--data-dir", home, "--", "no-such-program")).code).toBe(127);
});

test.each(["oldest", "middle", "newest"] as const)(
  "doctor proves recording on %s",
  { timeout: slow },
  async (name) => {
    const report = await run("doctor", "--python", await pythonOf(name));
    expect(report.stdout).toMatch(
      /ok {3}recording without touching the notebook: 1 cell runs, [1-9]\d* operations, 0 invalid events/,
    );
    expect(report.code).toBe(0);
  },
);

test("doctor says what is wrong where there is no Python or no marimo", { timeout: slow }, async () => {
  expect(await run("doctor", "--python", "/nonexistent/python")).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("cannot be run as a Python"),
  });
});

test("env prints what a shell can take; help and unknown flags", { timeout: slow }, async () => {
  expect((await run("env", "--data-dir", tempFolder())).stdout).toMatch(/^export PYTHONPATH='.*python/);
  expect(await run("export", "--famly", "all")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--family"),
  });
  expect((await run("--notebook", "/no/such.py")).stderr).toContain("does not exist");
});

test("every command tells its flags, and refuses one it does not know", { timeout: slow }, async () => {
  for (const name of "run install uninstall doctor status export import validate env ui".split(" ")) {
    const help = await run(name, "--help");
    expect(help).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`lineage-mcp ${name}`),
      stderr: "",
    });
    expect(await run(name, "--nonsense")).toMatchObject({ code: 2, stdout: "" });
  }
});

test("an empty home and files that are not there are said plainly", { timeout: slow }, async () => {
  const home = tempFolder();
  expect(JSON.parse((await run("status", "--data-dir", home)).stdout)).toMatchObject({
    events: 0,
    sessions: [],
  });
  expect((await run("export", "--data-dir", home)).stderr).toContain("0 events exported");
  for (const args of [
    ["import", "--data-dir", home, "/no/such.jsonl"],
    ["validate", "/no/such.jsonl"],
    ["export", "--data-dir", home, "--to", "/no/such/folder/x.jsonl"],
  ]) {
    const done = await run(...args);
    expect(done.code).toBe(1);
    expect(done.stderr).toMatch(/^lineage-mcp: \/no\/such[^\n]* does not exist\n$/);
  }
  expect((await run("import", "--data-dir", home)).code).toBe(2);
  expect((await run("validate")).code).toBe(2);
  expect((await run("export", "--data-dir", home, "--since", "yesterday")).stderr).toContain("no time");
});

test.each([
  [["nope"], 2, "there is no command nope"],
  [["analysis.py"], 2, "--notebook analysis.py"],
  [["install", "--python", "/no/such/python"], 1, "/no/such/python cannot be run"],
])("said plainly: %j", { timeout: slow }, async (args, code, words) => {
  const home = args[0] === "install" ? ["--data-dir", tempFolder()] : [];
  const outcome = await run(...args, ...home);
  expect(outcome.code).toBe(code);
  expect(`${outcome.stdout}${outcome.stderr}`).toContain(words);
});

test("validating nothing is no success; a folder that is not there is called so", {
  timeout: slow,
}, async () => {
  const empty = tempFolder();
  expect(await run("validate", empty)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("no events"),
  });
  expect(await run("export", "--data-dir", empty, "--to", join(empty, "no", "file"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("in a folder that does not exist"),
  });
  writeFileSync(join(empty, "file"), "");
  expect(await run("status", "--data-dir", join(empty, "file"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("a folder is needed there"),
  });
});

test("a Python named by a relative path, and found above a relative notebook, works from any folder", {
  timeout: slow,
}, async () => {
  const python = await pythonOf("newest");
  const project = tempFolder();
  mkdirSync(join(project, "deep"));
  symlinkSync(dirname(dirname(python)), join(project, ".venv"));
  for (const args of [
    ["--python", join("..", ".venv", "bin", "python")],
    ["--notebook", "nb.py"],
  ]) {
    const outcome = await runIn(
      join(project, "deep"),
      "doctor",
      ...args,
      "--data-dir",
      join(project, "home"),
    );
    expect(outcome.stdout).toMatch(/ok {3}recording without touching the notebook: [1-9]/);
    expect(outcome.code).toBe(0);
  }
});
