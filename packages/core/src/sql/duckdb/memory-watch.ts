/** Resident memory a child may use beyond the engine's own limit: Node, buffers, the answer. */
const headroomBytes = 512 * 1024 * 1024;
const intervalMs = 100;

/** Calls `exceeded` when resident memory is above the engine's limit plus headroom; returns what ends the watch. */
export function watchMemory(memoryLimit: string, exceeded: () => void): () => void {
  const limit = bytesOf(memoryLimit) + headroomBytes;
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() > limit) exceeded();
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Bytes of a size as the engine writes it: `512MB`, `1.5 GiB`. */
export function bytesOf(size: string): number {
  const [, digits = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B|B)\s*$/i.exec(size) ?? [];
  const base = /i/i.test(unit) ? 1024 : 1000;
  const power = ["B", "K", "M", "G", "T"].indexOf(unit.charAt(0).toUpperCase());
  if (digits === "" || power < 0) throw new RangeError(`not a size: ${size}`);
  return Number(digits) * base ** power;
}
