import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Node } from "libpg-query";

/** One statement of a text; offsets and lengths are bytes of UTF-8, a length of 0 runs to the end. */
export interface ParsedStatement {
  readonly stmt: Node;
  readonly offset: number;
  readonly length: number;
}

export type ParseResult =
  | { readonly ok: true; readonly statements: readonly ParsedStatement[] }
  /** `position` counts characters from 1. */
  | { readonly ok: false; readonly message: string; readonly position?: number };

export interface PostgresParser {
  parse(sql: string): ParseResult;
}

interface ParserModule {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _wasm_parse_query_raw(pointer: number): number;
  _wasm_free_parse_result(pointer: number): void;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, pointer: number, max: number): void;
  UTF8ToString(pointer: number): string;
  getValue(pointer: number, type: "i32"): number;
  readonly HEAPU8: Uint8Array;
}

type ModuleFactory = (options: {
  instantiateWasm(imports: object, done: (instance: object) => void): object;
}) => Promise<ParserModule>;

/** The part of the platform's API used here; the compiler's libraries declare it for browsers only. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Instance: new (module: object, imports: object) => object;
}

/** Texts up to this size cannot nest deeply enough to overflow the stack. */
const safeChars = 6_000;
const maxHeapBytes = 128 * 1024 * 1024;
const instances = 4;

/**
 * The server's own grammar. An instance whose stack overflowed keeps working for a while and then breaks for good
 * (its shadow stack is not unwound), so it is replaced after the first failure; instances share one compiled module.
 */
export async function createPostgresParser(): Promise<PostgresParser> {
  const require = createRequire(import.meta.url);
  const factory = require("libpg-query/wasm/libpg-query.js") as ModuleFactory;
  const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const compiled = await wasm.compile(await readFile(require.resolve("libpg-query/wasm/libpg-query.wasm")));
  const ready: ParserModule[] = [];

  const add = async (): Promise<void> => {
    ready.push(
      await factory({
        instantiateWasm(imports, done) {
          done(new wasm.Instance(compiled, imports));
          return {};
        },
      }),
    );
  };
  const drop = (module: ParserModule): void => {
    ready.splice(ready.indexOf(module), 1);
    refill();
  };
  // Without a replacement the parser only becomes more cautious.
  const refill = (): void => void add().catch(() => undefined);
  for (let count = 0; count < instances; count++) await add();

  return {
    parse(sql) {
      const module = ready[0];
      // The last healthy instance is kept for texts that cannot break it.
      if (module === undefined || (ready.length === 1 && sql.length > safeChars)) return tooDeep;
      try {
        return parseWith(module, sql);
      } catch {
        drop(module);
        return tooDeep;
      } finally {
        if (module.HEAPU8.byteLength > maxHeapBytes && ready.includes(module)) drop(module);
      }
    },
  };
}

const tooDeep: ParseResult = { ok: false, message: "the statement is nested too deeply" };

function parseWith(module: ParserModule, sql: string): ParseResult {
  const size = module.lengthBytesUTF8(sql) + 1;
  const text = module._malloc(size);
  module.stringToUTF8(sql, text, size);
  const result = module._wasm_parse_query_raw(text);
  const tree = module.getValue(result, "i32");
  const error = module.getValue(result + 8, "i32");
  const answer = error === 0 ? module.UTF8ToString(tree) : undefined;
  const failure: ParseResult | undefined =
    error === 0
      ? undefined
      : readError(module.UTF8ToString(module.getValue(error, "i32")), module.getValue(error + 16, "i32"));
  module._wasm_free_parse_result(result);
  module._free(text);
  return failure ?? readTree(answer ?? "");
}

interface Tree {
  readonly stmts?: readonly {
    readonly stmt?: Node;
    readonly stmt_location?: number;
    readonly stmt_len?: number;
  }[];
}

function readTree(json: string): ParseResult {
  const tree = JSON.parse(json) as Tree;
  const statements = (tree.stmts ?? []).flatMap(({ stmt, stmt_location, stmt_len }) =>
    stmt === undefined ? [] : [{ stmt, offset: stmt_location ?? 0, length: stmt_len ?? 0 }],
  );
  return { ok: true, statements };
}

function readError(message: string, position: number): ParseResult {
  if (message.startsWith("memory exhausted") || message.includes("stack depth")) return tooDeep;
  return { ok: false, message, ...(position > 0 ? { position } : {}) };
}
