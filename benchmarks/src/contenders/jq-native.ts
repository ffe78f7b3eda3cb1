import { execFileSync, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export interface NativeJq {
  readonly path: string;
  readonly version: string;
}

/** JQ_PATH, else the first jq on PATH; undefined when there is none. */
export function findJq(): NativeJq | undefined {
  const places = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "jq"));
  const given = process.env.JQ_PATH;
  const path = (given === undefined ? places : [given]).find(isExecutable);
  if (path === undefined) return undefined;
  const version = /^jq-(\S+)/.exec(execFileSync(path, ["--version"], { encoding: "utf8" }))?.[1];
  return version === undefined ? undefined : { path, version };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** One process for one run; its output. */
export function spawnJq({ path }: NativeJq, args: readonly string[], input: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { env: {}, stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`jq ended with ${code}`)),
    );
    child.stdin.end(input);
  });
}
