import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AnyTool } from "../tool/define-tool.ts";
import { publicDefinition } from "./public-definition.ts";

export interface SnapshotOptions<Services> {
  /** Holds `<tool>.json` of each tool and nothing else. */
  readonly folder: string;
  readonly tools: readonly AnyTool<Services>[];
  /** Writes instead of comparing; by default when UPDATE_SNAPSHOTS is 1. */
  readonly update?: boolean;
}

/** One line for each tool whose public definition is not what the folder holds; empty when all are. */
export function snapshotDrift<Services>(options: SnapshotOptions<Services>): string[] {
  const update = options.update ?? process.env.UPDATE_SNAPSHOTS === "1";
  const wanted = new Map(
    options.tools.map((tool) => [
      `${tool.name}.json`,
      `${JSON.stringify(publicDefinition(tool as AnyTool<never>), null, 2)}\n`,
    ]),
  );
  if (update) mkdirSync(options.folder, { recursive: true });
  const present = filesOf(options.folder);
  const stale = present.filter((file) => !wanted.has(file));
  if (update) {
    for (const [file, text] of wanted) writeFileSync(join(options.folder, file), text);
    for (const file of stale) rmSync(join(options.folder, file));
    return [];
  }
  const drift = stale.map((file) => `${file}: no such tool any more`);
  for (const [file, text] of wanted) {
    if (!present.includes(file)) drift.push(`${file}: no snapshot`);
    else if (readFileSync(join(options.folder, file), "utf8") !== text)
      drift.push(`${file}: the definition changed`);
  }
  return drift.map((line) => `${line}; run the test with UPDATE_SNAPSHOTS=1 if that is meant`).sort();
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith(".json"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
