import type { Run } from "../habu/runs.ts";
import type { Work } from "../workflow/work.ts";
import type { createAnalysis } from "./analysis.ts";
import { exportFile } from "./export-file.ts";
import type { Input } from "./input.ts";
import { rowPages } from "./pages.ts";
import type { Table } from "./table.ts";

const exportBudget = 2_000;

export async function writeFile(
  work: Work<Input>,
  run: Run,
  total: number,
  first: Table,
  analysis: ReturnType<typeof createAnalysis>,
) {
  const { input, services } = work;
  const format = input.file ?? "csv";
  const habu = services.habu.session({
    signal: work.habu.signal,
    requestId: work.habu.requestId,
    budget: exportBudget,
  });
  async function* pages() {
    for await (const rows of rowPages(habu, run.id, total, (done) =>
      work.progress(done, total, "Writing rows"),
    )) {
      analysis.add(rows);
      yield rows;
    }
  }
  return exportFile({
    folder: services.exportDir,
    name: input.file_name ?? `run-${run.id.slice(0, 8)}-${services.clock.now()}`,
    format,
    columns: first.columns,
    pages: pages(),
  });
}
