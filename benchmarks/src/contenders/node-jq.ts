import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { NativeJq } from "./jq-native.ts";

const version = "6.3.1";

export interface NodeJq {
  readonly name: string;
  run(program: string, input: object): Promise<unknown>;
}

/** node-jq from npm without the binary it would download, on the jq that is here. */
export async function nodeJq(jq: NativeJq): Promise<NodeJq> {
  const folder = join(tmpdir(), `bench-peer-node-jq-${version}`);
  if (!existsSync(join(folder, "node_modules/node-jq/package.json"))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    execFileSync(
      "npm",
      ["install", "--loglevel=error", "--ignore-scripts", "--no-audit", "--no-fund", `node-jq@${version}`],
      { cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
    );
  }
  process.env.JQ_PATH = jq.path;
  const { createRequire } = await import("node:module");
  const entry = createRequire(join(folder, "package.json")).resolve("node-jq");
  const { run } = (await import(pathToFileURL(entry).href)) as {
    run(program: string, input: object, options: object): Promise<unknown>;
  };
  return {
    name: `node-jq ${version} on jq ${jq.version}`,
    run: (program, input) => run(program, input, { input: "json", output: "json" }),
  };
}
