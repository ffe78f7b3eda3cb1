import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { committedFiles, findings } from "../hygiene/findings.mjs";
import { deadLinks, markdownFiles } from "../links/dead-links.mjs";
import { unprovenRows } from "../links/seed-rows.mjs";
import { run } from "../run/command.mjs";
import { oneCheck } from "../run/verdict.mjs";
import { rootDir } from "../run/workspace.mjs";

const seeds = join(rootDir, "docs/reference/seeds.md");

export const generated = {
  name: "generated",
  run: async ({ env }) => oneCheck(await run(process.execPath, ["scripts/generate.mjs", "--check"], { env })),
};

export const links = {
  name: "links",
  run: async () => {
    const dead = markdownFiles().flatMap((file) => deadLinks(file));
    for (const { file, target, why } of dead) console.log(`${file}: ${target}: ${why}`);
    const unproven = existsSync(seeds)
      ? unprovenRows(readFileSync(seeds, "utf8"))
      : ["docs/reference/seeds.md is missing"];
    for (const row of unproven) console.log(`no test and no reason: ${row}`);
    return oneCheck(dead.length === 0 && unproven.length === 0);
  },
};

export const hygiene = {
  name: "hygiene",
  run: async () => {
    let count = 0;
    for (const file of committedFiles()) {
      for (const { line, why, shown } of findings(file, readFileSync(join(rootDir, file), "utf8"))) {
        console.log(`${file}:${line}: ${why}: ${shown}`);
        count += 1;
      }
    }
    return oneCheck(count === 0);
  },
};
