export { foldName } from "./ast.ts";
export type { DuckdbCatalog, Macro } from "./catalog.ts";
export type { CatalogFacts, RelationFacts } from "./catalog-facts.ts";
export type { Cell } from "./cells.ts";
export type { Exit, WorkerEntry } from "./child.ts";
export type { EngineParser } from "./engine-parser.ts";
export { openEngineParser } from "./engine-parser.ts";
export type { DuckdbGate, GateContext } from "./gate.ts";
export { createDuckdbGate } from "./gate.ts";
export { gateCatalog } from "./gate-catalog.ts";
export { isEngineFunction } from "./judge-function.ts";
export type { Parsed, SqlParser } from "./parser.ts";
export type { Bounds, DuckdbProcess, DuckdbProcessOptions } from "./process.ts";
export { createDuckdbProcess } from "./process.ts";
export type {
  EngineCaps,
  FileView,
  LockedSource,
  OpenInfo,
  RunRequest,
  RunResult,
} from "./protocol.ts";
export { readCatalog } from "./read-catalog.ts";
export { runDuckdbWorker } from "./worker.ts";
