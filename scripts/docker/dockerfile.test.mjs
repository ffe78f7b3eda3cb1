import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { rootDir, servers } from "../run/workspace.mjs";
import { stagesOf } from "./instructions.mjs";

const run = promisify(execFile);
const stages = stagesOf(readFileSync(join(rootDir, "Dockerfile"), "utf8"));
const build = stages[0];
const targets = stages.slice(1);
const box = mkdtempSync(join(tmpdir(), "mcp-data-docker-"));
afterAll(() => rmSync(box, { recursive: true, force: true }));

const found = (stage, word) =>
  stage.instructions.filter((step) => step.word === word).map((step) => step.rest);

test("there is one target per server", () => {
  const expected = servers().map(({ manifest }) => manifest.name.replace(/-mcp$/, ""));
  expect(targets.map(({ name }) => name)).toEqual(expected);
});

test.each(targets)("$name runs as an ordinary user, without a shell, from what the build left", (stage) => {
  expect(found(stage, "USER")).toEqual(["node"]);
  expect(JSON.parse(found(stage, "ENTRYPOINT")[0])).toEqual(["node", "dist/cli.js"]);
  expect(JSON.parse(found(stage, "CMD")[0])).toContain("--http");
  const [, source] = /^--from=build (\S+) \.$/.exec(found(stage, "COPY")[0]);
  expect(found(build, "RUN").join("\n")).toContain(`deploy ${source}`);
  expect(stage.from).toBe(build.from);
});

test("the build's steps, run as plain commands in a copy, give a server that starts", {
  timeout: 300_000,
}, async () => {
  const app = join(box, "app");
  expect(found(build, "WORKDIR")).toEqual(["/app"]);
  expect(found(build, "COPY")).toEqual([". ."]);
  await copyRepository(app);
  const env = {
    ...process.env,
    TURBO_CACHE_DIR: join(rootDir, ".turbo/cache"),
    TURBO_TELEMETRY_DISABLED: "1",
    CI: "1",
  };
  for (const command of found(build, "RUN")) {
    const boxed = command.replaceAll(" /out/", ` ${join(box, "out")}/`);
    await run("sh", ["-c", boxed], { cwd: app, env });
  }
  for (const { manifest } of servers()) {
    const out = join(box, "out", manifest.name);
    const { stdout } = await run("node", ["dist/cli.js", "--version"], { cwd: out });
    expect(stdout.trim()).toBe(manifest.version);
    expect(existsSync(join(out, "node_modules/@mcp-data/core"))).toBe(false);
  }
});

async function copyRepository(to) {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await run("git", args, { cwd: rootDir });
  const files = stdout.split("\0").filter((name) => name !== "" && existsSync(join(rootDir, name)));
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(rootDir, file), join(to, file));
  }
}
