import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@mcp-data/core";
import { silentLog } from "@mcp-data/core/http";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Database, openDatabase } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { createWebhooks, type Webhooks } from "./webhooks.ts";

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let db: Database;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "webhooks-"));
  db = openDatabase(join(folder, "tools.db"));
  migrate(db);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A receiver that answers with these statuses, then 200; "hang" never answers. */
async function receiver(...answers: (number | "hang")[]) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      heard.push({ headers: request.headers, body });
      const answer = answers.shift() ?? 200;
      if (answer === "hang") return;
      response.writeHead(answer, answer === 302 ? { location: "http://127.0.0.1:1/" } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, heard };
}

const secret = new Secret("a webhook secret");
function open(...urls: string[]): Webhooks {
  const webhooks = createWebhooks({
    hooks: urls.map((url) => ({ url, secret })),
    db,
    logger: silentLog,
    firstRetryMs: 5,
  });
  closers.push(() => webhooks.close());
  return webhooks;
}
const waiting = () =>
  db.get<{ n: number }>("SELECT count(*) AS n FROM deliveries WHERE failed_at IS NULL")?.n;

test("each hook hears each event, signed over the time and the body", async () => {
  const [one, two] = [await receiver(), await receiver()];
  open(one.url, two.url).send("proposal", { proposal: "p1", item: "tool:näme" });
  await vi.waitFor(() => expect([one.heard.length, two.heard.length]).toEqual([1, 1]));
  for (const { headers, body } of [...one.heard, ...two.heard]) {
    expect(JSON.parse(body)).toMatchObject({
      event: "proposal",
      data: { proposal: "p1", item: "tool:näme" },
    });
    const mac = createHmac("sha256", "a webhook secret")
      .update(`${headers["x-timestamp"]}.${body}`)
      .digest("hex");
    expect(headers["x-signature"]).toBe(`sha256=${mac}`);
    expect(Math.abs(Number(headers["x-timestamp"]) - Date.now() / 1_000)).toBeLessThan(60);
  }
  expect(one.heard[0]?.headers["x-delivery"]).not.toBe(two.heard[0]?.headers["x-delivery"]);
  await vi.waitFor(() => expect(waiting()).toBe(0));
});

test("errors and redirects are tried again, under one delivery id, until the receiver takes it", async () => {
  const { url, heard } = await receiver(500, 429, 302);
  open(url).send("vote", { vote: "approve" });
  await vi.waitFor(() => expect(heard).toHaveLength(4), 10_000);
  expect(new Set(heard.map(({ headers }) => headers["x-delivery"])).size).toBe(1);
  await vi.waitFor(() => expect(waiting()).toBe(0));
});

test("a receiver that is gone is given up after its last try, and kept for whoever looks", async () => {
  const webhooks = createWebhooks({
    hooks: [{ url: "http://127.0.0.1:1/", secret }],
    db,
    logger: silentLog,
    firstRetryMs: 0,
  });
  closers.push(() => webhooks.close());
  webhooks.send("vote", {});
  await vi.waitFor(
    () =>
      expect(db.get("SELECT attempts, failed_at IS NOT NULL AS given_up FROM deliveries")).toEqual({
        attempts: 8,
        given_up: 1,
      }),
    10_000,
  );
});

test("sending waits for nobody, and one dead receiver holds no other up", async () => {
  const [dead, alive] = [await receiver("hang"), await receiver()];
  const webhooks = open(dead.url, alive.url);
  for (let i = 0; i < 20; i += 1) webhooks.send("vote", { i });
  // Synchronous: nothing was delivered yet, everything is kept.
  expect([alive.heard.length, waiting()]).toEqual([0, 40]);
  await vi.waitFor(() => expect(alive.heard).toHaveLength(20), 4_000);
});

test("what was not delivered when the process ended is delivered by the next", async () => {
  const first = createWebhooks({ hooks: [{ url: "http://127.0.0.1:1/", secret }], db, logger: silentLog });
  first.send("activated", { item: "tool:x" });
  await vi.waitFor(() => expect(db.get("SELECT attempts FROM deliveries")).toEqual({ attempts: 1 }));
  await first.close();
  const { url, heard } = await receiver();
  db.run("UPDATE deliveries SET body = replace(body, 'http://127.0.0.1:1/', ?), next_at = 0", url);
  open(url);
  await vi.waitFor(() => expect(heard).toHaveLength(1));
});
