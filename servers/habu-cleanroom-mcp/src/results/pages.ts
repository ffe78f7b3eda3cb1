import type { Habu } from "../client/habu-client.ts";
import { type Row, readRows } from "./table.ts";

const pageRows = 10_000;

/** Every row of a run, page by page. */
export async function* rowPages(
  habu: Habu,
  runId: string,
  total: number,
  onPage: (done: number) => void,
): AsyncGenerator<readonly Row[]> {
  for (let offset = 0; offset < total; ) {
    const { rows } = await readRows(habu, runId, offset, Math.min(pageRows, total - offset));
    if (rows.length === 0) return;
    offset += rows.length;
    onPage(offset);
    yield rows;
  }
}
