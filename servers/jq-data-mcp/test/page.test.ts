import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { connectV1 } from "@mcp-data/core/testing";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyOf, serveTeam } from "./support/serve.ts";

const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const executablePath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);
let browser: Browser;

beforeAll(async () => {
  if (executablePath === undefined) throw new Error("Chromium is not installed; run: apt-get install -y chromium, or set CHROMIUM_PATH");
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
}, 60_000);
afterAll(() => browser?.close());

async function openPage(base: string, person: string, colorScheme: "light" | "dark") {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("401")) errors.push(message.text());
  });
  await page.goto(`${base}/ui`);
  await page.getByLabel("API key").fill(keyOf(person));
  await page.getByRole("button", { name: "Use" }).click();
  await page.getByText(`key:${person}`).first().waitFor();
  return { page, errors, context };
}

test.each(["light", "dark"] as const)("in %s: diffs, voting and charts work, stored script text is only text", async (scheme) => {
  await using server = await serveTeam({ team: { threshold: 2, owners: ["key:owner"] } });
  const ann = await connectV1({ url: server.url, headers: { "x-api-key": keyOf("ann") } });
  const call = (name: string, args: Record<string, unknown>) => ann.client.callTool({ name, arguments: args });
  await call("run_tool", { name: "trend_analysis", dataset: "metrics" });
  await call("propose_tool", {
    name: "hostile", program: `# ${hostile}\n.data | add`, description: hostile, datasets: ["metrics"], justification: `Look: ${hostile}`,
  });
  const { page, errors } = await openPage(server.base, "bob", scheme);
  await page.getByText("tool:hostile").first().waitFor();
  expect(await page.locator("pre.diff .add").first().textContent()).toContain("<img src=x");
  expect(await page.locator("#proposals img, #proposals script").count()).toBe(0);
  expect(await page.locator("#chart svg rect").count()).toBeGreaterThan(0);
  await page.getByLabel("Comment on tool:hostile").fill(hostile);
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("1 for, 0 against").waitFor();
  const second = await openPage(server.base, "cid", scheme);
  await second.page.getByRole("button", { name: "Approve" }).click();
  await second.page.getByText("Nothing to vote on.").waitFor();
  // The other page hears of it by itself.
  await page.getByText("Nothing to vote on.").waitFor();
  await second.page.locator(".vrow", { hasText: "hostile" }).waitFor();
  await second.page.locator(".vrow", { hasText: "hostile" }).click();
  await second.page.getByText("Version 1").waitFor();
  expect(await second.page.evaluate("window.hacked")).toBeUndefined();
  expect(await page.evaluate("window.hacked")).toBeUndefined();
  expect([...errors, ...second.errors]).toEqual([]);
  const background = await second.page.evaluate("getComputedStyle(document.body).backgroundColor");
  expect(background).toBe(scheme === "dark" ? "rgb(18, 22, 28)" : "rgb(247, 248, 250)");
  const folder = process.env.SCREENSHOTS;
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    await second.page.screenshot({ path: join(folder, `jq-page-${scheme}.png`), fullPage: true });
    await page.screenshot({ path: join(folder, `jq-page-vote-${scheme}.png`), fullPage: true });
  }
  await ann[Symbol.asyncDispose]();
}, 60_000);
