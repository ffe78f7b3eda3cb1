import type { Habu } from "../client/habu-client.ts";

export interface Column {
  readonly name: string;
  readonly type: string;
}

export type Row = Readonly<Record<string, string>>;

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly outputs: readonly string[];
}

export async function countRows(habu: Habu, runId: string): Promise<number> {
  const count: unknown = await habu.call("getCleanroomQuestionRunDataCount", {
    path: { cleanroomQuestionRunId: runId },
  });
  return typeof count === "number" ? count : 0;
}

export async function readRows(habu: Habu, runId: string, offset: number, limit: number): Promise<Table> {
  const given = await habu.call("getCleanroomQuestionRunData", {
    path: { cleanroomQuestionRunId: runId },
    query: { offset, limit },
  });
  return tableFrom(given);
}

export function tableFrom(given: {
  metadata?: { fieldName?: string; columnName?: string; dataType?: string }[];
  stats?: Record<string, string>[];
  multipleOutputs?: string[];
}): Table {
  const rows = given.stats ?? [];
  const declared = (given.metadata ?? []).map(({ fieldName, columnName, dataType = "STRING" }) => ({
    name: fieldName ?? columnName ?? "",
    type: dataType.toUpperCase(),
  }));
  const columns =
    declared.length > 0 ? declared : Object.keys(rows[0] ?? {}).map((name) => ({ name, type: "STRING" }));
  return { columns, rows, outputs: given.multipleOutputs ?? [] };
}
