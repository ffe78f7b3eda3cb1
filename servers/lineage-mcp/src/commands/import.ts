import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createLogger } from "@mcp-data/core";
import { chooseHome, openHome } from "../data/home.ts";
import { writePrivate } from "../data/registry.ts";
import { createEventValidator, type Family } from "../events/validate.ts";
import { openSharedMemory } from "../owner/shared-memory.ts";
import type { CommandFlags } from "./flags.ts";
import { complain, homeOf, say } from "./say.ts";

const order: readonly Family[] = ["dataframe", "lineage", "runtime"];

/** Valid events become event files of ours; the same event is taken once however often it comes. */
export async function importEvents(
  values: CommandFlags<"import">,
  paths: readonly string[],
): Promise<number> {
  if (paths.length === 0) {
    complain("give files to import");
    return 2;
  }
  const home = openHome(chooseHome(homeOf(values)));
  const memory = openSharedMemory({ home, logger: createLogger({ server: "lineage-mcp", level: "error" }) });
  const validator = createEventValidator();
  try {
    await memory.fresh();
    const before = (await memory.status()).events;
    let invalid = 0;
    for (const path of paths) {
      const families: Record<Family, string[]> = { runtime: [], lineage: [], dataframe: [] };
      const text = readFileSync(path, "utf8");
      for (const [at, line] of linesOf(text).entries()) {
        const checked = validator.line(line);
        if (checked.ok) families[checked.family].push(line);
        else {
          invalid += 1;
          if (invalid <= 20) complain(`${basename(path)}, event ${at + 1}: ${checked.reason}`);
        }
      }
      for (const family of order) {
        if (families[family].length === 0) continue;
        const body = `${families[family].join("\n")}\n`;
        const name = `import_${createHash("sha256").update(body).digest("hex").slice(0, 16)}_${family === "dataframe" ? "dataframe_lineage" : family}.jsonl`;
        if (!existsSync(join(home.events, name))) writePrivate(join(home.events, name), body);
      }
    }
    for (let left = 100; left > 0; left -= 1) {
      await memory.fresh();
      if ((await memory.status()).backlog_bytes === 0) break;
    }
    const after = (await memory.status()).events;
    say(`${after - before} new events, ${invalid} refused`);
    return invalid === 0 ? 0 : 1;
  } finally {
    await memory.close();
  }
}

/** Lines, or the items of one JSON array. */
function linesOf(text: string): string[] {
  if (text.trimStart().startsWith("[")) {
    try {
      return (JSON.parse(text) as unknown[]).map((event) => JSON.stringify(event));
    } catch {
      // Lines after all.
    }
  }
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}
