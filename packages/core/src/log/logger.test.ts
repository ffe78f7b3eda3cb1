import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { createLogger, type LoggerOptions } from "./logger.ts";

function setUp(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const logger = createLogger({ server: "shop", to: { write: (line) => void lines.push(line) }, ...options });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? "null") };
}

test("writes one JSON line with level, time, server and fields", () => {
  const { logger, lines, last } = setUp();
  logger.with({ request_id: "r1" }).info("started", { port: 80 });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith("\n")).toBe(true);
  expect(last()).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    server: "shop",
    pid: process.pid,
    request_id: "r1",
    port: 80,
    message: "started",
  });
});

test("levels below the chosen one are dropped, silent drops all", () => {
  const { logger, lines } = setUp({ level: "warn" });
  logger.debug("a");
  logger.info("b");
  logger.warn("c");
  logger.error("d");
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(["c", "d"]);
  const quiet = setUp({ level: "silent" });
  quiet.logger.error("x");
  expect(quiet.lines).toEqual([]);
});

test("no secret reaches a line: message, fields, bound fields or an error's text", () => {
  const { logger, lines, last } = setUp();
  const err = new Error("no route to postgres://ann:hunter2@db", { cause: new Error("password=hunter2") });
  logger
    .with({ dsn: "hunter2" })
    .error("cannot open postgres://ann:hunter2@db", { err, password: "hunter2" });
  expect(lines.join("")).not.toContain("hunter2");
  expect(last().err).toMatchObject({ type: "Error", message: "no route to postgres://ann:[secret]@db" });
});

test("a line cannot be forged by a message with line breaks", () => {
  const { logger, lines } = setUp();
  logger.info('x\n{"level":"info","message":"forged"}');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.split("\n")).toHaveLength(2);
});

test("stderr is the default, stdout stays empty, and the line is out before an abrupt exit", () => {
  const module = JSON.stringify(new URL("./logger.ts", import.meta.url).href);
  const script = `import { createLogger } from ${module}; createLogger({ server: "s" }).info("hello"); process.exit(0);`;
  const run = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect(run.stdout).toBe("");
  expect(JSON.parse(run.stderr)).toMatchObject({ message: "hello", server: "s" });
});
