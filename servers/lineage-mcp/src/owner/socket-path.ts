import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the owner of a data directory listens; socket paths are short by law, so a long one is replaced by its digest. */
export function socketPath(path: string): string {
  const digest = createHash("sha256").update(path).digest("hex").slice(0, 16);
  if (process.platform === "win32") return `\\\\.\\pipe\\lineage-mcp-${digest}`;
  return Buffer.byteLength(path) <= 100
    ? path
    : join(tmpdir(), `lineage-mcp-${process.getuid?.() ?? 0}-${digest}.sock`);
}
