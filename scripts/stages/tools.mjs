import { join } from "node:path";
import { run } from "../run/command.mjs";
import { oneCheck } from "../run/verdict.mjs";
import { rootDir } from "../run/workspace.mjs";

const bin = (name) => join(rootDir, "node_modules", ".bin", name);
const tool = (name, command, ...args) => ({
  name,
  run: async ({ env }) => oneCheck(await run(bin(command), args, { env })),
});

export const sherif = tool("sherif", "sherif");
export const biome = tool("biome", "biome", "ci", ".", ...(process.stdout.isTTY ? [] : ["--colors=off"]));
export const typecheck = tool("typecheck", "turbo", "run", "typecheck", "--output-logs=errors-only");
export const build = tool("build", "turbo", "run", "build", "--output-logs=errors-only");
export const knip = tool("knip", "knip", "--no-progress");
