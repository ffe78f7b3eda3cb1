import { cpSync } from "node:fs";
import { request } from "node:http";
import { createLogger } from "@mcp-data/core";
import { expect, test } from "vitest";
import { demoFolder, openRecorded } from "../../test/support/recorded.ts";
import { servePage } from "./serve.ts";

async function openPage(events: string | null = demoFolder) {
  const recorded = openRecorded(events);
  const page = await servePage(recorded.services, createLogger({ server: "test", level: "silent" }));
  return {
    ...recorded,
    url: page.url,
    get: async (path: string) => fetch(new URL(path, page.url)),
    async [Symbol.asyncDispose]() {
      await page.close();
      await recorded[Symbol.asyncDispose]();
    },
  };
}

test("the page, its parts, and the graph of a notebook", async () => {
  await using page = await openPage();
  const html = await page.get("/");
  expect(html.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await html.text()).toContain('<script src="/page.js"');
  expect((await page.get("/page.css")).status).toBe(200);
  const notebooks = (await (await page.get("/notebooks")).json()) as { hash: string }[];
  expect(notebooks).toMatchObject([{ hash: "22b09828", path: "/srv/demo/shop.py" }]);
  const graph = (await (await page.get("/graph/22b09828")).json()) as {
    cells: unknown[];
    frames: unknown[];
    edges: unknown[];
  };
  expect(graph.cells).toHaveLength(9);
  expect(graph.cells).toContainEqual(
    expect.objectContaining({ cell_name: "broken", status: "failed", error_type: "KeyError" }),
  );
  expect(graph.frames).toContainEqual(
    expect.objectContaining({ name: expect.stringMatching(/enriched$/), row_count: 3 }),
  );
  expect(graph.edges.length).toBeGreaterThan(4);
  expect(await (await page.get("/runs/22b09828?cell=setup")).json()).toHaveLength(2);
});

test("other hosts, methods and paths are refused", async () => {
  await using page = await openPage();
  const status = await new Promise((resolve) => {
    request(page.url, { headers: { host: "evil.example" } }, (response) =>
      resolve(response.statusCode),
    ).end();
  });
  expect(status).toBe(403);
  expect((await fetch(page.url, { method: "POST" })).status).toBe(405);
  expect((await page.get("/graph/../../etc/passwd")).status).toBe(404);
});

test("an open page hears of new events", async () => {
  await using page = await openPage(null);
  await page.services.memory.fresh();
  const feed = await page.get("/events");
  const reader = feed.body?.getReader();
  await reader?.read();
  cpSync(demoFolder, page.home.events, { recursive: true });
  const heard = await reader?.read();
  expect(new TextDecoder().decode(heard?.value)).toContain("22b09828");
  await reader?.cancel();
});
