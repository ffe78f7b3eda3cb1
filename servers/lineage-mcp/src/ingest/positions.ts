import type { DuckDBConnection } from "@duckdb/node-api";

export interface Position {
  readonly key: string;
  readonly offset: number;
  readonly line: number;
  /** Read before: its events may be here already. */
  readonly again: boolean;
  /** No line end lies between the offset and this. */
  readonly scanned?: number | undefined;
}

export interface Positions {
  /** How far a file was read; committed or not. */
  get(path: string): Position | undefined;
  set(path: string, position: Position): void;
  /** A known file under a new name was renamed, or copied. */
  knows(key: string): boolean;
  /** How far the database has it. */
  committed(path: string): number;
  commit(path: string, offset: number): void;
}

/** How far each file was read, as the database has it. */
export async function readPositions(connection: DuckDBConnection): Promise<Positions> {
  const rows = await connection.runAndReadAll(
    "SELECT path, file_key, byte_offset, line_no FROM ingest_offsets",
  );
  const positions = new Map<string, Position>();
  const keys = new Set<string>();
  const committed = new Map<string, number>();
  for (const [path, key, offset, line] of rows.getRows()) {
    positions.set(String(path), {
      key: String(key),
      offset: Number(offset),
      line: Number(line),
      again: false,
    });
    keys.add(String(key));
    committed.set(String(path), Number(offset));
  }
  return {
    get: (path) => positions.get(path),
    set(path, position) {
      positions.set(path, position);
      keys.add(position.key);
    },
    knows: (key) => keys.has(key),
    committed: (path) => committed.get(path) ?? 0,
    commit: (path, offset) => void committed.set(path, offset),
  };
}
