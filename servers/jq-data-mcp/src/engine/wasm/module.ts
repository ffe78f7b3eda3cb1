import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The one build whose minified import names are known; any other runs without hooks. */
const knownBuild = "27d493c06601e9cbc7112ef4198ee71a0dc3e9c9a4a1754e73888841da6c450a";
const pageBytes = 65_536;

export interface PreparedModule {
  readonly module: WebAssembly.Module;
  /** Input and output are under our control. */
  readonly hooked: boolean;
}

/** Compiled once per process and handed to every worker. */
export async function prepareModule(memoryBytes: number, path = wasmPath()): Promise<PreparedModule> {
  const bytes = new Uint8Array(readFileSync(path));
  const hooked = createHash("sha256").update(bytes).digest("hex") === knownBuild;
  const limited = withMemoryLimit(bytes, Math.ceil(memoryBytes / pageBytes));
  return { module: await WebAssembly.compile(limited), hooked };
}

function wasmPath(): string {
  return createRequire(import.meta.url).resolve("jq-wasm/jq.wasm");
}

/** The module with another maximum in its memory section; never above the one it was built with. */
function withMemoryLimit(bytes: Uint8Array, pages: number): Uint8Array {
  const found = memorySection(bytes);
  if (found === undefined) return bytes;
  const wanted = Math.max(found.min, Math.min(found.max, pages));
  const patched = bytes.slice();
  const width = found.maxEnd - found.maxAt;
  for (let i = 0; i < width; i += 1) {
    const more = i < width - 1 ? 0x80 : 0;
    patched[found.maxAt + i] = ((wanted >> (7 * i)) & 0x7f) | more;
  }
  return patched;
}

interface MemorySection {
  readonly min: number;
  readonly max: number;
  readonly maxAt: number;
  readonly maxEnd: number;
}

function memorySection(bytes: Uint8Array): MemorySection | undefined {
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at];
    const size = readLeb(bytes, at + 1);
    if (id !== 5) {
      at = size.end + size.value;
      continue;
    }
    const count = readLeb(bytes, size.end);
    const hasMax = bytes[count.end] === 1;
    if (count.value !== 1 || !hasMax) return undefined;
    const min = readLeb(bytes, count.end + 1);
    const max = readLeb(bytes, min.end);
    return { min: min.value, max: max.value, maxAt: min.end, maxEnd: max.end };
  }
  return undefined;
}

function readLeb(bytes: Uint8Array, from: number): { value: number; end: number } {
  let value = 0;
  for (let at = from, shift = 0; ; at += 1, shift += 7) {
    const byte = bytes[at] ?? 0;
    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) === 0) return { value, end: at + 1 };
  }
}
