import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "./support/cli.ts";
import { tempFolder } from "./support/explorer.ts";

test("--help and --version go to stdout with exit 0", async () => {
  const help = await runCli(["--help"]);
  expect(help).toMatchObject({ code: 0, stderr: "" });
  for (const word of [
    "--demo",
    "--http",
    "--config",
    "--groups",
    "--read-only",
    "--project",
    "--log-level",
    "health",
  ]) {
    expect(help.stdout).toContain(word);
  }
  expect(Math.max(...help.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  expect((await runCli(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("an unknown flag is exit 2 with usage on stderr, nothing on stdout", async () => {
  const { code, stdout, stderr } = await runCli(["--demmo"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/unknown flag --demmo, did you mean --demo\?/);
  expect(stderr).toContain("Usage:");
});

test.each([
  [[], /no source to serve/],
  [["postgres://reader:hunter2@127.0.0.1/shop"], /password/],
  [["./does-not-exist"], /does not exist/],
  [["--demo", "--groups", "everything"], /unknown group everything; known: read/],
  [["--demo", "--project", "x"], /no active project/],
  [["--demo", "--http", "0.0.0.0:0"], /without authentication/],
  [["--demo", "--http", "nowhere"], /not an address/],
  [["--config", "/does/not/exist.yaml"], /config/i],
])("%j ends with exit 1, what is wrong and what to do", async (args, message) => {
  const { code, stdout, stderr } = await runCli(args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/hunter2|\n\s+at /);
});

test("a wrong configuration names file, line, field, kind and fix, and no value", async () => {
  using folder = tempFolder();
  const file = join(folder.path, "explorer.yaml");
  writeFileSync(
    file,
    [
      "sources:",
      "  - id: shop",
      "    kind: postgres",
      "    dsn: ${SHOP_DSN}",
      "    limits: {max_rows: lots}",
      "    colour: red",
    ].join("\n"),
  );
  const missing = await runCli(["--config", file]);
  expect(missing.stderr).toMatch(/sources\[0\]\.dsn.*SHOP_DSN/s);
  const wrong = await runCli(["--config", file], { SHOP_DSN: "postgres://r:s3cr3t@h/d" });
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/sources\[0\]\.limits\.max_rows.*explorer\.yaml:5/s);
  expect(wrong.stderr).toMatch(/colour/);
  expect(wrong.stderr).not.toMatch(/s3cr3t|lots/);
});

test("health, api-key and audit verify", async () => {
  expect(await runCli(["health", "127.0.0.1:1"])).toMatchObject({
    code: 1,
    stdout: "not healthy: no answer\n",
  });
  expect((await runCli(["health"])).code).toBe(2);
  expect((await runCli(["api-key"])).stdout).toMatch(/key: +mdk_\S+.*\nhash: +sha256:[0-9a-f]{64}/);
  expect(await runCli(["audit", "verify", "/no/such/file"])).toMatchObject({ code: 1 });
});
