import { mkdirSync, statSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/recorded.ts";
import { socketPath } from "../owner/socket-path.ts";
import { chooseHome, openHome } from "./home.ts";

const none = {};

test("a flag wins over LINEAGE_MCP_HOME, that over HUNYO_DATA_DIR", () => {
  const env = { LINEAGE_MCP_HOME: "/a", HUNYO_DATA_DIR: "/b" };
  expect(chooseHome({ dataDir: "/c", env })).toBe("/c");
  expect(chooseHome({ env })).toBe("/a");
  expect(chooseHome({ env: { HUNYO_DATA_DIR: "/b" } })).toBe("/b");
  expect(chooseHome({ dataDir: "here", env: none, cwd: "/project" })).toBe("/project/here");
});

test("the project's .hunyo when there is one or development is on, else the user's", () => {
  const project = tempFolder();
  const deep = join(project, "notebooks", "more");
  mkdirSync(deep, { recursive: true });
  expect(chooseHome({ env: none, cwd: deep })).toBe(join(homedir(), ".hunyo"));
  expect(chooseHome({ env: none, cwd: deep, devMode: true })).toBe(join(deep, ".hunyo"));
  expect(chooseHome({ env: { HUNYO_DEV_MODE: "1" }, cwd: deep })).toBe(join(deep, ".hunyo"));
  mkdirSync(join(project, ".hunyo"));
  expect(chooseHome({ env: none, cwd: deep })).toBe(join(project, ".hunyo"));
  expect(chooseHome({ env: none, cwd: "/", notebooks: [join(deep, "nb.py")] })).toBe(join(project, ".hunyo"));
});

test.skipIf(process.platform === "win32")("folders are the user's alone", () => {
  const home = openHome(join(tempFolder(), "new"));
  for (const folder of [home.root, home.events, home.registry])
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(home.database.endsWith(join("database", "lineage.duckdb"))).toBe(true);
});

test("spelled through a link, the owner of a home listens at the same place", () => {
  const root = tempFolder();
  const deep = join(root, "a".repeat(60), "b".repeat(60));
  mkdirSync(deep, { recursive: true });
  symlinkSync(deep, join(root, "link"));
  expect(socketPath(openHome(join(root, "link")).socket)).toBe(socketPath(openHome(deep).socket));
});
