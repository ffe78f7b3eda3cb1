import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { ToolError } from "@mcp-data/core";

export interface NativeJq {
  readonly path: string;
  readonly version: string;
}

export interface FindOptions {
  /** A path the operator gave; nothing else is tried then. */
  readonly path?: string | undefined;
  /** Accept versions with known holes. */
  readonly allowOld?: boolean | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

const oldest = [1, 8, 2] as const;

/**
 * The first native jq that is new enough: the given path, the one node-jq brought, then PATH. Undefined when there is
 * none; CONFIG_ERROR when the given one is unfit.
 */
export async function findNative(options: FindOptions = {}): Promise<NativeJq | undefined> {
  const env = options.env ?? process.env;
  if (options.path !== undefined) {
    const version = await versionOf(options.path);
    if (version === undefined) {
      throw new ToolError("CONFIG_ERROR", "native.path: this is no jq that runs.", {
        hint: "Give the path of a jq binary.",
      });
    }
    if (!options.allowOld && !isNew(version)) {
      throw new ToolError("CONFIG_ERROR", `native.path: jq ${version} has known security holes.`, {
        hint: `Install jq ${oldest.join(".")} or later, or set native.allow_old for programs you trust.`,
      });
    }
    return { path: options.path, version };
  }
  for (const path of candidates(env)) {
    const version = await versionOf(path);
    if (version !== undefined && (options.allowOld || isNew(version))) return { path, version };
  }
  return undefined;
}

function candidates(env: NodeJS.ProcessEnv): string[] {
  const places = (env.PATH ?? "").split(delimiter).filter(Boolean);
  return [...nodeJq(), ...places.map((place) => join(place, "jq"))].filter(isExecutable);
}

function nodeJq(): string[] {
  try {
    return [join(dirname(createRequire(import.meta.url).resolve("node-jq/package.json")), "bin", "jq")];
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ["--version"], { env: {}, timeout: 5_000 });
    return /^jq-(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

export function isNew(version: string): boolean {
  const parts = version.split(".").map(Number);
  for (const [at, least] of oldest.entries()) {
    const part = parts[at] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
