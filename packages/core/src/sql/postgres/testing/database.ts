import { randomUUID } from "node:crypto";
import { connect } from "./server.ts";

/** A database of its own on the shared test cluster. */
export async function testDatabase(purpose: string): Promise<{ url: string; drop(): Promise<void> }> {
  const cluster = process.env.TEST_POSTGRES_URL;
  if (cluster === undefined) {
    throw new Error(
      "TEST_POSTGRES_URL is not set; run: node scripts/services.mjs run -- npx vitest run packages/core",
    );
  }
  const name = `${purpose}_${randomUUID().replaceAll("-", "")}`;
  const admin = await connect(cluster);
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
