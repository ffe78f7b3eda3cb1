import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRecorded } from "../../test/support/recorded.ts";
import { walkDatasets } from "./walk.ts";

/** `name` is made of `inputs`. */
function made(n: number, name: string, inputs: readonly string[]): string {
  const file = (each: string) => ({ namespace: "file", name: `/${each}` });
  return JSON.stringify({
    eventType: "COMPLETE",
    eventTime: "2026-01-01T00:00:00Z",
    producer: "https://example.com/test",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: { runId: `00000000-0000-7000-8000-${String(n).padStart(12, "0")}` },
    job: { namespace: "test", name },
    inputs: inputs.map(file),
    outputs: [file(name)],
  });
}

test("cycles end, every dataset is entered once, and what lies beyond the depth is said", async () => {
  await using recorded = openRecorded(null);
  const { memory } = recorded.services;
  const size = 30;
  const lines = Array.from({ length: size }, (_, n) =>
    made(n, `f${n}`, [`f${(n + 1) % size}`, `f${(n + 7) % size}`]),
  );
  writeFileSync(join(recorded.home.events, "ring_lineage.jsonl"), `${lines.join("\n")}\n`);
  await memory.fresh();
  const start = [{ namespace: "file", name: "/f0" }];
  const whole = await walkDatasets(memory, start, "upstream", 50);
  expect(whole.cut).toBe(false);
  expect(whole.edges).toHaveLength(size * 2);
  expect(new Set(whole.edges.map(({ from }) => from.name)).size).toBe(size);
  const near = await walkDatasets(memory, start, "upstream", 2);
  expect(near.cut).toBe(true);
  expect([...new Set(near.edges.map(({ from }) => from.name))].sort()).toEqual([
    "/f1",
    "/f14",
    "/f2",
    "/f7",
    "/f8",
  ]);
  const down = await walkDatasets(memory, start, "downstream", 1);
  expect(down.edges.map(({ to }) => to.name).sort()).toEqual(["/f23", "/f29"]);
});
