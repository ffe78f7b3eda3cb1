import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demoFolder, tempFolder } from "./recorded.ts";

/** The recorded sessions, and a day later one of another notebook: same cells, frames and file name. */
export function twoNotebooks(): string {
  const folder = tempFolder();
  cpSync(demoFolder, folder, { recursive: true });
  for (const name of readdirSync(demoFolder).filter((each) => each.includes("443e70bd"))) {
    const text = readFileSync(join(demoFolder, name), "utf8")
      .replaceAll("22b09828", "01230000")
      .replaceAll("443e70bd", "5555aaaa")
      .replaceAll("/srv/demo/", "/srv/other/")
      .replaceAll("01a1f8f", "01a1fe2")
      .replaceAll("2026-11-20T", "2026-11-21T");
    writeFileSync(join(folder, name.replace("443e70bd", "5555aaaa")), text);
  }
  return folder;
}
