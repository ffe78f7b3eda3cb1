import * as api from "@duckdb/node-api";
import type { DuckdbCatalog } from "../catalog.ts";
import { openEngineParser } from "../engine-parser.ts";
import { createDuckdbGate, type DuckdbGate } from "../gate.ts";
import { gateCatalog } from "../gate-catalog.ts";
import { readCatalog } from "../read-catalog.ts";
import type { OpenInstance } from "./open-instance.ts";

export interface TestGate {
  readonly gate: DuckdbGate;
  readonly catalog: DuckdbCatalog;
  close(): void;
}

/** The gate on a parser in this process, knowing the opened file. */
export async function testGate(
  { connection }: Pick<OpenInstance, "connection">,
  searchPath: readonly string[] = ["main"],
): Promise<TestGate> {
  const parser = await openEngineParser(api);
  const facts = { ...(await readCatalog(connection, "shop")), generation: 1, failed: [] };
  return {
    gate: createDuckdbGate(parser),
    catalog: gateCatalog(facts, { epoch: "1", searchPath }),
    close: () => parser.close(),
  };
}
