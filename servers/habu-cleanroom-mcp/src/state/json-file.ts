import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ToolError } from "@mcp-data/core";
import type { z } from "zod";
import { withLock } from "./lock.ts";

/** A small file of facts that several processes share. */
export interface JsonFile<T> {
  /** The last whole state; no lock. */
  read(): T;
  /** Reads, lets `change` alter it in place, and writes, while no other process does. */
  update<R>(change: (state: T) => R): Promise<R>;
  /** Like update, for work that takes time; `save` may be called in between. */
  hold<R>(work: (state: T, save: () => void) => Promise<R>): Promise<R>;
}

export function openJsonFile<S extends z.ZodType>(path: string, schema: S): JsonFile<z.output<S>> {
  function read(): z.output<S> {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return schema.parse({});
      throw damaged(path, error);
    }
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      throw damaged(path, error);
    }
  }
  async function hold<R>(work: (state: z.output<S>, save: () => void) => Promise<R>): Promise<R> {
    return withLock(`${path}.lock`, async () => {
      const state = read();
      const save = () => writeWhole(path, `${JSON.stringify(state)}\n`);
      const result = await work(state, save);
      save();
      return result;
    });
  }
  return { read, hold, update: (change) => hold(async (state) => change(state)) };
}

/** Readable by its owner only; a reader sees the old text or the new one, never a part. */
function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${randomBytes(4).toString("hex")}.part`;
  try {
    writeFileSync(part, text, { mode: 0o600, flag: "wx" });
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}

function damaged(path: string, cause: unknown): ToolError {
  const name = path.split("/").at(-1);
  return new ToolError("CONFIG_ERROR", `The state file ${name} cannot be read.`, {
    hint: "Move it out of the state folder. The ledger and the token budget start empty then, so wait an hour before running questions.",
    details: { reason: "STATE_DAMAGED" },
    cause,
  });
}
