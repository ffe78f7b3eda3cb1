import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { problemsIn } from "./support/every-event.ts";
import { demoFolder } from "./support/recorded.ts";

test("an event that is not valid, or lacks what readers ask for, is found wherever a recorder put it", () => {
  const folder = join(mkdtempSync(join(tmpdir(), "lineage-events-")), "home", "events");
  mkdirSync(folder, { recursive: true });
  const [name = ""] = readdirSync(demoFolder).filter((each) => /[0-9a-f]{8}_lineage\.jsonl$/.test(each));
  const [line = ""] = readFileSync(join(demoFolder, name), "utf8").split("\n");
  const event = JSON.parse(line) as { run: object; inputs?: unknown };
  const write = (events: readonly unknown[]) =>
    writeFileSync(
      join(folder, "aaaaaaaa_1_bbbbbbbb_lineage.2.jsonl"),
      events.map((each) => `${JSON.stringify(each)}\n`).join(""),
    );
  write([event]);
  expect(problemsIn(join(folder, ".."))).toEqual([]);
  const { inputs: _, ...lacking } = event;
  write([event, { ...event, run: { ...event.run, runId: "no uuid" } }, lacking]);
  expect(problemsIn(join(folder, ".."))).toEqual([
    expect.stringMatching(/aaaaaaaa_1_bbbbbbbb_lineage\.2\.jsonl: .*uuid/),
    expect.stringContaining("no inputs or outputs"),
  ]);
});
