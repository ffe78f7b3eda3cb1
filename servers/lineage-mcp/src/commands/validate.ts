import { createReadStream, existsSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { createEventValidator } from "../events/validate.ts";
import { listEventFiles } from "../ingest/files.ts";
import { complain, say } from "./say.ts";

/** Exit code 0 when there are events and every line of every file is valid. */
export async function validateFiles(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) {
    complain("give files or folders of events");
    return 2;
  }
  const validator = createEventValidator();
  let invalid = 0;
  let valid = 0;
  for (const path of paths.flatMap(filesAt)) {
    let line = 0;
    for await (const text of createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      line += 1;
      if (text.trim() === "") continue;
      const checked = validator.line(text);
      if (checked.ok) valid += 1;
      else {
        invalid += 1;
        if (invalid <= 100) say(`${path}:${line}: ${checked.reason}`);
      }
    }
  }
  if (valid + invalid === 0) {
    complain("there are no events in what was given");
    return 1;
  }
  say(`${valid} valid, ${invalid} not`);
  return invalid === 0 ? 0 : 1;
}

function filesAt(path: string): string[] {
  if (!existsSync(path)) return [path];
  return statSync(path).isDirectory() ? listEventFiles(path).map(({ absolute }) => absolute) : [path];
}
