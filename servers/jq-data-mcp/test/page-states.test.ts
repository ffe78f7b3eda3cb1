import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectV1 } from "@mcp-data/core/testing";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "../../../scripts/services/chromium.mjs";
import { openDatabase } from "../src/store/database.ts";
import { shot, signIn } from "./support/page.ts";
import { keyFor, keyOf, serveTeam } from "./support/serve.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium(chromium);
}, 60_000);
afterAll(() => browser?.close());

type Server = Awaited<ReturnType<typeof serveTeam>>;

async function as(server: Server, person: string) {
  const connected = await connectV1({ url: server.url, headers: { "x-api-key": keyOf(person) } });
  const call = async (name: string, args: Record<string, unknown>) => {
    const { content } = await connected.client.callTool({ name, arguments: args });
    return JSON.parse((content as { text: string }[])[0]?.text ?? "{}");
  };
  return { call, [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose]() };
}

const cards = (page: Page) => page.locator("main > section:visible h2").allTextContents();

test("who is outside sees the form alone, and is told why they are not let in", async () => {
  const auth = { api_keys: [keyFor("cid", ["other"]), keyFor("bob", ["*"])] };
  await using server = await serveTeam({ auth });
  const page = await browser.newPage();
  await page.goto(`${server.base}/ui`);
  await page.locator("#state", { hasText: "signed out" }).waitFor();
  expect([await cards(page), await page.locator("#error").isVisible()]).toEqual([["Sign in"], false]);
  const enter = async (key: string) => {
    await page.getByLabel("API key").fill(key);
    await page.keyboard.press("Enter");
  };
  await enter("wrong");
  await page.getByRole("alert").filter({ hasText: "This API key is not known here." }).waitFor();
  await shot(page, "wrong-key");
  await enter(keyOf("cid"));
  await page.getByRole("alert").filter({ hasText: "not with your credential" }).waitFor();
  expect([await cards(page), await page.locator("#state").textContent()]).toEqual([["Sign in"], "no access"]);
  await enter(keyOf("bob"));
  await page.getByText("Library, 5 entries").waitFor();
  expect([await page.locator("#signin").isVisible(), await page.locator("#error").isVisible()]).toEqual([
    false,
    false,
  ]);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.locator("#state", { hasText: "signed out" }).waitFor();
  expect(await cards(page)).toEqual(["Sign in"]);
}, 60_000);

test("what is open is shown whatever else was decided since, and what is left out is told", async () => {
  await using server = await serveTeam({
    team: { threshold: 1, owners: ["key:owner"], open_proposals: 500 },
  });
  await using ann = await as(server, "ann");
  const propose = (name: string) =>
    ann.call("propose_tool", { name, program: ".", justification: "For a long list." });
  await propose("the_open_one");
  const ids: string[] = [];
  for (let i = 0; i < 230; i += 1) ids.push((await propose(`gone_${i}`)).data.id);
  for (const proposal_id of ids) await ann.call("withdraw_proposal", { proposal_id });
  for (let i = 0; i < 33; i += 1) {
    const { data } = await ann.call("propose_tool", {
      name: "often",
      program: `. + ${i}`,
      justification: "Changed once more.",
    });
    await using bob = await as(server, "bob");
    await bob.call("vote", { proposal_id: data.id, vote: "approve" });
  }
  const { page, errors } = await signIn(browser, server.base, "bob");
  await page.locator("#proposals h3", { hasText: "tool:the_open_one" }).waitFor();
  await page.locator("#proposals", { hasText: "0 for, 0 against; 1 decide" }).waitFor();
  expect(await page.locator("#decided article").count()).toBe(50);
  await page.locator("#decided", { hasText: "213 older ones are not shown" }).waitFor();
  await page.getByLabel("Filter the library").fill("OFTEN tool");
  await page.getByText("Library, 1 of 6 entries").waitFor();
  await page.locator(".vrow").click();
  await page.locator("#versions", { hasText: "3 older versions are not shown" }).waitFor();
  expect(await page.locator("#versions article").count()).toBe(30);
  expect(errors).toEqual([]);
}, 60_000);

test("a server that is gone is told where one looks, and what was typed is kept", async () => {
  const server = await serveTeam();
  {
    await using ann = await as(server, "ann");
    for (let i = 0; i < 6; i += 1)
      await ann.call("propose_tool", { name: `t${i}`, program: ".", justification: "To scroll down." });
  }
  const { page } = await signIn(browser, server.base, "bob");
  await page.getByLabel("Comment on tool:t0").fill("half a sentence");
  await server[Symbol.asyncDispose]();
  await page.locator("#state.away", { hasText: "reconnecting" }).waitFor();
  await page.getByRole("button", { name: "Approve tool:t0" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "The server cannot be reached." });
  await alert.waitFor();
  expect(await page.evaluate("scrollY")).toBeGreaterThan(0);
  const box = await alert.boundingBox();
  expect(box?.y).toBeGreaterThanOrEqual(0);
  expect(box?.y).toBeLessThan(200);
  expect(await page.getByLabel("Comment on tool:t0").inputValue()).toBe("half a sentence");
  await shot(page, "server-gone");
}, 60_000);

test("thirty busy days, conflicts and the keyboard: nothing overlaps, is cut off, or is focused unseen", async () => {
  const folder = mkdtempSync(join(tmpdir(), "jq-page-states-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const database = join(folder, "tools.db");
  await using server = await serveTeam({ database });
  {
    const db = openDatabase(database);
    for (let i = 0; i < 45; i += 1) {
      const day = new Date(Date.now() - i * 86_400_000).toISOString().slice(0, 10);
      const calls = i === 40 ? 9_999_999 : [14_050, 3, 0, 12, 800][i % 5];
      if (calls) db.run("INSERT INTO usage VALUES ('tool:x', 'i', ?, 'u', ?, ?, 5, 3, 1)", day, calls, i % 3);
    }
    for (const [id, version] of [
      ["a", "v"],
      ["b", null],
    ] as const)
      db.run(
        "INSERT INTO conflicts (id, item, version, proposal, actor, created_at) VALUES (?, ?, ?, 'p', 'key:dee', ?)",
        id,
        `tool:${"n".repeat(60)}`,
        version,
        "2026-01-01T10:00:00Z",
      );
    db.close();
  }
  const { page, errors } = await signIn(browser, server.base, "owner");
  await page.locator("#conflicts", { hasText: "It would take the entry away." }).waitFor();
  // Of these days only, though some of before were busier.
  await page.locator("#chart svg text", { hasText: "14.1K" }).waitFor();
  expect(await page.locator("#chart svg .day").count()).toBe(30);
  expect(await page.locator("#chart svg title").last().textContent()).toMatch(/: 14050 runs, 0 failed$/);
  for (const width of [1200, 390]) {
    await page.setViewportSize({ width, height: 850 });
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    expect(await overlapping(page, "#chart svg text")).toEqual([]);
    await shot(page, `busy-${width}`);
  }
  await page.getByLabel("Filter the library").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  // Drawn inside, as the list cuts off what is around its rows.
  expect(
    await page.evaluate(
      "const s = getComputedStyle(document.activeElement); [s.outlineStyle, s.outlineOffset]",
    ),
  ).toEqual(["solid", "-2px"]);
  await shot(page, "focused-row");
  expect(errors).toEqual([]);
}, 60_000);

async function overlapping(page: Page, selector: string): Promise<string[]> {
  const all = await page.locator(selector).all();
  const boxes = await Promise.all(
    all.map(async (one) => ({ text: await one.textContent(), box: await one.boundingBox() })),
  );
  return boxes.flatMap((a, i) =>
    boxes.slice(i + 1).flatMap((b) => {
      if (a.box === null || b.box === null) return [];
      const apart = (from: "x" | "y", size: "width" | "height") =>
        (a.box?.[from] ?? 0) + (a.box?.[size] ?? 0) <= (b.box?.[from] ?? 0) ||
        (b.box?.[from] ?? 0) + (b.box?.[size] ?? 0) <= (a.box?.[from] ?? 0);
      return apart("x", "width") || apart("y", "height") ? [] : [`${a.text} / ${b.text}`];
    }),
  );
}
