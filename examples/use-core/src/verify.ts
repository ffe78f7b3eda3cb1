import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type ConnectTarget, connect } from "@mcp-data/core/client";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const args = [...process.execArgv, main];

/** What a client sees, however it is connected. */
async function check(name: string, target: ConnectTarget, era: "2025" | "2026"): Promise<void> {
  await using client = await connect(target, { era });
  const tools = await client.listTools();
  assert.deepEqual(
    tools.map((tool) => tool.name),
    ["list_books", "get_book"],
  );

  const first = await client.callTool("list_books", { author: "austen", limit: 1 });
  assert.deepEqual(first.data, { books: [{ id: 1, title: "Emma" }] });
  assert.equal(first.page?.total, 2);
  const rest = await client.callTool("list_books", { author: "austen", cursor: first.page?.next_cursor });
  assert.deepEqual(rest.data, { books: [{ id: 5, title: "Persuasion" }] });
  assert.equal(rest.page?.has_more, false);
  await assert.rejects(client.callTool("list_books", { cursor: first.page?.next_cursor }), {
    code: "CURSOR_EXPIRED",
  });

  const book = await client.callTool("get_book", { id: 3 });
  assert.equal(book.data.author, "Charlotte Brontë");
  await assert.rejects(client.callTool("get_book", { id: 99 }), { code: "NOT_FOUND" });
  await assert.rejects(client.callTool("get_book", { number: 3 }), { code: "VALIDATION_ERROR" });
  console.log(`ok  ${name}`);
}

async function withHttpServer(work: (url: string) => Promise<void>): Promise<void> {
  const server = spawn(process.execPath, [...args, "127.0.0.1:0"], { stdio: ["ignore", "inherit", "pipe"] });
  try {
    const [line] = (await once(server.stderr, "data")) as [Buffer];
    const url = /http:\S+/.exec(String(line))?.[0];
    assert.ok(url, `the server printed ${line}`);
    await work(url);
    await assert.rejects(connect({ url, headers: { origin: "https://evil.example" } }), {
      code: "PERMISSION_DENIED",
    });
    console.log("ok  a page of another site is refused");
  } finally {
    server.kill("SIGTERM");
    const [code] = await once(server, "exit");
    assert.equal(code, 0);
  }
}

const program = { command: process.execPath, args };
await check("stdio, 2025 revision", program, "2025");
await check("stdio, 2026 revision", program, "2026");
await withHttpServer(async (url) => {
  await check("HTTP, 2025 revision", { url }, "2025");
  await check("HTTP, 2026 revision", { url }, "2026");
});
