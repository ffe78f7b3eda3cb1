import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareShop } from "../harness/database.ts";
import { median } from "../harness/numbers.ts";
import type { Result } from "../harness/result.ts";
import { launch } from "../harness/wire-client.ts";

const server = fileURLToPath(new URL("../../../servers/sql-explorer-mcp/", import.meta.url));

/** The packed server, installed into an empty folder like a user's npx does. */
export async function packaged(): Promise<Result> {
  const dsn = await prepareShop();
  const folder = mkdtempSync(join(tmpdir(), "bench-package-"));
  try {
    const pack = execFileSync("pnpm", ["pack", "--pack-destination", folder], {
      cwd: server,
      encoding: "utf8",
    });
    const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? pack);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    execFileSync("npm", ["install", "--no-audit", "--no-fund", tarball], { cwd: folder, stdio: "ignore" });
    const bin = join(folder, "node_modules/sql-explorer-mcp/dist/cli.js");
    const csv = join(folder, "sales.csv");
    writeFileSync(csv, "a,b\n1,2\n");
    const start = async (args: string[]) => {
      const times = [];
      for (let round = 0; round < 7; round += 1) {
        const client = await launch({
          command: process.execPath,
          args: [bin, ...args],
          env: { SQL_EXPLORER_LOG_LEVEL: "error" },
        });
        times.push(client.startMs);
        await client.close();
      }
      return median(times);
    };
    const plain = { lower_is_better: true, others: {} };
    return {
      title: "sql-explorer-mcp as installed from its tarball",
      rows: [
        { ...plain, measure: "Start to tools/list, postgres://…", unit: "ms", ours: await start([dsn]) },
        { ...plain, measure: "Start to tools/list, a folder's file", unit: "ms", ours: await start([csv]) },
        { ...plain, measure: "Start to tools/list, --demo", unit: "ms", ours: await start(["--demo"]) },
        { ...plain, measure: "Tarball", unit: "MB", ours: statSync(tarball).size / 1e6 },
        {
          ...plain,
          measure: "Installed, without the engines",
          unit: "MB",
          ours: sizeOf(join(folder, "node_modules/sql-explorer-mcp")) / 1e6,
        },
        {
          ...plain,
          measure: "Installed, whole",
          unit: "MB",
          ours: sizeOf(join(folder, "node_modules")) / 1e6,
        },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
