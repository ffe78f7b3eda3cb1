import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sampleData, sampleFunctions, sampleTools } from "../seeds/sample.ts";

export interface Demo {
  /** Settings of the configuration. */
  readonly settings: { readonly data: string[]; readonly seeds: string[]; readonly database: string };
  remove(): Promise<void>;
}

/** The sample library and data in a folder of their own. */
export function buildDemo(): Demo {
  const folder = mkdtempSync(join(tmpdir(), "jq-data-demo-"));
  const { data, seeds } = writeSamples(folder);
  return {
    settings: { data: [data], seeds, database: join(folder, "tools.db") },
    async remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function writeSamples(folder: string): { data: string; seeds: string[] } {
  const data = mkdtempSync(join(folder, "data-"));
  for (const [name, content] of Object.entries(sampleData())) writeFileSync(join(data, name), content);
  const seeds = [join(folder, "functions.yaml"), join(folder, "tools.yaml")];
  writeFileSync(seeds[0] as string, sampleFunctions);
  writeFileSync(seeds[1] as string, sampleTools);
  return { data, seeds };
}
