import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Files a trail was rotated into (`trail.log.000001`, …), oldest first. */
export async function rotatedFiles(trail: string): Promise<string[]> {
  const prefix = `${basename(trail)}.`;
  const names = await readdir(dirname(trail));
  return names
    .filter((name) => name.startsWith(prefix) && /^\d{6,}$/.test(name.slice(prefix.length)))
    .sort((a, b) => Number(a.slice(prefix.length)) - Number(b.slice(prefix.length)))
    .map((name) => join(dirname(trail), name));
}

export async function nextRotated(trail: string): Promise<string> {
  const last = (await rotatedFiles(trail)).at(-1);
  const number = last === undefined ? 0 : Number(last.slice(last.lastIndexOf(".") + 1));
  return `${trail}.${String(number + 1).padStart(6, "0")}`;
}
