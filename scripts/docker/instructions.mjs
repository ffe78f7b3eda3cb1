import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rootDir } from "../run/workspace.mjs";

/** A Dockerfile as `[{ name, from, instructions: [{ word, rest }] }]`, one entry per stage. */
export function stagesOf(dockerfile) {
  const lines = dockerfile
    .replace(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const stages = [];
  for (const line of lines) {
    const [word, ...parts] = line.split(/\s+/);
    const rest = parts.join(" ");
    if (word === "FROM") {
      const [, from, name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest);
      stages.push({ name: name ?? String(stages.length), from, instructions: [] });
    } else {
      stages.at(-1).instructions.push({ word, rest });
    }
  }
  return stages;
}

/** What a server's image starts its program with. */
export function commandOf(name) {
  const stage = stagesOf(read("Dockerfile")).find((one) => one.name === name);
  return JSON.parse(stage.instructions.find(({ word }) => word === "CMD").rest);
}

/** The file a server's service mounts, without its comments. */
export function settingsOf(name) {
  return read(`docker/${name}.yaml`).replace(/^\s*#.*\n/gm, "");
}

function read(file) {
  return readFileSync(join(rootDir, file), "utf8");
}
