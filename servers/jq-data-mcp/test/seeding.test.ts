import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@mcp-data/core/http";
import { expect, test, vi } from "vitest";
import { createServices } from "../src/create-services.ts";
import { faultyStore } from "./support/faulty-store.ts";
import { openLibrary } from "./support/open.ts";

test("seeds fill an empty library once: what a team deleted stays deleted after a restart", async () => {
  await using library = await openLibrary();
  for (const { kind, name } of library.services.reader.items().reverse()) {
    const remove = { action: "delete", kind, name };
    const { confirmation } = await library.call("admin", "manage_library", remove);
    await library.call("admin", "manage_library", { ...remove, confirmation });
  }
  expect(library.services.reader.items()).toEqual([]);
  const again = await createServices({ config: library.config, logger: silentLog });
  expect(again.reader.items()).toEqual([]);
  await again.close();
});

test("who joins a team takes its library, and its own newer seeds make no conflict", async () => {
  const { store } = faultyStore();
  await using first = await openLibrary({}, { syncStore: store });
  await vi.waitFor(() => expect(first.services.sync?.status().outbox).toBe(0));
  await using second = await openLibrary({ seeds: [] });
  const file = join(second.folder, "changed.yaml");
  writeFileSync(file, "tools:\n  - {name: trend_analysis, query: '1'}\n  - {name: only_here, query: '2'}\n");
  const joined = await createServices({
    config: { ...second.config, seeds: [file], database: join(second.folder, "joined.db") },
    logger: silentLog,
    syncStore: store,
  });
  const names = joined.reader.items("tool").map(({ name }) => name);
  expect(names).toEqual(["analyze_performance", "trend_analysis"]);
  expect(joined.conflicts.open()).toEqual([]);
  await joined.close();
});
