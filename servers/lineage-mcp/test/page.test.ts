import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "@mcp-data/core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChromium } from "../../../scripts/services/chromium.mjs";
import { servePage } from "../src/page/serve.ts";
import { pythonOf, runPython, shopNotebook } from "./support/python.ts";
import { demoFolder, openRecorded } from "./support/recorded.ts";
import { twoNotebooks } from "./support/two-notebooks.ts";
import { wideNotebook } from "./support/wide-notebook.ts";

const slow = 180_000;
let browser: Browser;

beforeAll(async () => {
  browser = await openChromium(chromium);
}, 60_000);
afterAll(() => browser?.close());

async function open(events: string | null, colorScheme: "light" | "dark" = "light") {
  const recorded = openRecorded(events);
  const served = await servePage(recorded.services, createLogger({ server: "test", level: "silent" }));
  const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 820 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(served.url);
  return {
    page,
    errors,
    home: recorded.home,
    stop: () => served.close(),
    async [Symbol.asyncDispose]() {
      await context.close();
      await served.close().catch(() => undefined);
      await recorded[Symbol.asyncDispose]();
    },
  };
}

/** Kept when somebody wants to look. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `lineage-${name}.png`) });
}

const focused = (page: Page) => page.evaluate("document.activeElement?.getAttribute('aria-label')");

test.each(["light", "dark"] as const)(
  "in %s: empty, then the graph by itself, and what is chosen",
  { timeout: slow },
  async (scheme) => {
    await using shown = await open(null, scheme);
    const { page, errors, home } = shown;
    await page.getByText("Nothing was recorded yet").waitFor();
    await picture(page, `empty-${scheme}`);
    cpSync(demoFolder, home.events, { recursive: true });
    await page.locator(".node.failed", { hasText: "broken" }).waitFor();
    expect(await page.locator(".node.cell").count()).toBe(9);
    // A frame is one node, whoever made and used it.
    await expect.poll(() => page.locator(".node", { hasText: /^orders\d/ }).count()).toBe(1);
    await picture(page, `graph-${scheme}`);
    await page.locator(".node.frame", { hasText: "enriched" }).first().click();
    await page.locator("#detail th", { hasText: "customer" }).waitFor();
    await expect.poll(() => page.locator(".node.lit").count()).toBeGreaterThan(5);
    expect(await page.locator(".node:not(.lit)").count()).toBeGreaterThan(0);
    await picture(page, `chosen-${scheme}`);
    await page.getByRole("button", { name: /broken: KeyError/ }).click();
    await page.locator("#detail th", { hasText: "KeyError" }).waitFor();
    await page.keyboard.press("Escape");
    expect(await page.locator(".tracing").count()).toBe(0);
    const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(background).toBe(scheme === "dark" ? "rgb(18, 22, 28)" : "rgb(247, 248, 250)");
    expect(errors).toEqual([]);
  },
);

test("keyboard alone: one stop for the graph, arrows along it, Enter, Escape, and the search", {
  timeout: slow,
}, async () => {
  await using shown = await open(demoFolder);
  const { page } = shown;
  await page.locator(".node").first().waitFor();
  expect(await page.locator('.node[tabindex="0"]').count()).toBe(1);
  await page.keyboard.press("/");
  await page.keyboard.type("euros");
  await page.getByText(/^\d+ found$/).waitFor();
  await page.keyboard.press("Enter");
  expect(await page.locator(".node.chosen").count()).toBe(1);
  await page.locator(".node", { hasText: "load_orders" }).focus();
  await page.keyboard.press("ArrowRight");
  expect(await focused(page)).toMatch(/^frame orders/);
  await page.keyboard.press("ArrowRight");
  expect(await focused(page)).toMatch(/^cell enrich/);
  await page.keyboard.press("ArrowLeft");
  expect(await focused(page)).toMatch(/^frame /);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.locator("#detail th", { hasText: "made by" }).waitFor();
  expect(await page.locator('.node[tabindex="0"]').count()).toBe(1);
  await page.keyboard.press("Escape");
  expect(await page.locator(".node.chosen").count()).toBe(0);
});

test("notebooks of one file name are told apart, and a search stands out from a trace", {
  timeout: slow,
}, async () => {
  await using shown = await open(twoNotebooks());
  const { page, errors } = shown;
  await page.locator(".node.frame", { hasText: "enriched" }).first().click();
  expect(await page.locator("#notebook option").allTextContents()).toEqual(["other/shop.py", "demo/shop.py"]);
  expect(await page.locator("#detail h3").allTextContents()).toEqual(["Columns"]);
  await page.getByLabel("Find").fill("broken");
  await page.getByText("1 found").waitFor();
  const opacity = (name: string) =>
    page.evaluate(
      `Number(getComputedStyle([...document.querySelectorAll(".node")].find((node) => node.textContent.includes("${name}"))).opacity)`,
    );
  expect(await opacity("broken")).toBe(1);
  expect(await opacity("enriched")).toBeLessThan(0.5);
  expect(errors).toEqual([]);
});

test("a server that goes is told of, what was shown stays", { timeout: slow }, async () => {
  await using shown = await open(demoFolder);
  const { page } = shown;
  await page.locator(".node").first().waitFor();
  await shown.stop();
  await page.locator("#live.bad", { hasText: "not connected" }).waitFor();
  expect(await page.locator(".node.cell").count()).toBe(9);
});

test("live while a notebook runs", { timeout: slow }, async () => {
  const python = await pythonOf("newest");
  await using shown = await open(null);
  const { page, errors, home } = shown;
  await page.getByText("Nothing was recorded yet").waitFor();
  const counts: number[] = [];
  await page.exposeFunction("counted", (count: number) => counts.push(count));
  await page.evaluate(
    "new MutationObserver(() => counted(document.querySelectorAll('.node.completed, .node.slow, .node.failed').length)).observe(document.getElementById('picture'), { childList: true })",
  );
  await runPython(python, [shopNotebook()], home.root);
  await page.locator(".node.failed", { hasText: "broken" }).waitFor();
  await expect.poll(() => page.locator(".node.completed, .node.slow, .node.failed").count()).toBe(9);
  // It was seen growing, not only whole.
  expect(counts.filter((count) => count > 0 && count < 9)).not.toEqual([]);
  await picture(page, "live");
  expect(errors).toEqual([]);
});

test("500 nodes are drawn apart, found, moved along and traced", { timeout: slow }, async () => {
  await using shown = await open(
    wideNotebook(250, (n) => `step_${n}`),
    "dark",
  );
  const { page, errors } = shown;
  await page.locator(".node").nth(499).waitFor();
  expect(await page.locator(".node").count()).toBe(500);
  await picture(page, "wide");
  const overlapping = await page.evaluate(`(() => {
    const places = [...document.querySelectorAll(".node")].map((node) => node.getAttribute("transform"));
    return places.length - new Set(places).size;
  })()`);
  expect(overlapping).toBe(0);
  await page.getByRole("button", { name: "Fit" }).click();
  const { width = 0, height = 0 } = (await page.locator("#picture").boundingBox()) ?? {};
  const box = await page.locator("#graph").boundingBox();
  expect(width).toBeLessThanOrEqual((box?.width ?? 0) + 1);
  expect(height).toBeLessThanOrEqual((box?.height ?? 0) + 1);
  // Too far to read: states are told by what fills a node.
  expect(await page.locator(".far .node text").first().isVisible()).toBe(false);
  await picture(page, "wide-fit");
  await page.getByLabel("Find").fill("step_240_frame");
  await page.getByText("1 found").or(page.getByText("2 found")).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".node.chosen").waitFor();
  expect(await page.locator(".node.lit").count()).toBeGreaterThan(10);
  await page.getByRole("button", { name: "Larger" }).click();
  await picture(page, "wide-traced");
  await page.getByLabel("Find").fill("");
  await page.locator(".node", { hasText: "step_7" }).first().focus();
  await page.keyboard.press("ArrowRight");
  expect(await focused(page)).toMatch(/^frame step_7/);
  expect(errors).toEqual([]);
});

test("names of any length and kind are text, shortened in the graph and whole beside it", {
  timeout: slow,
}, async () => {
  const hostile = '<img src=x onerror="window.hacked=1">';
  await using shown = await open(
    wideNotebook(20, (n) => (n === 3 ? hostile : `a_rather_long_name_${"that_goes_on_".repeat(8)}${n}`)),
  );
  const { page, errors } = shown;
  await page.locator(".node").nth(39).waitFor();
  await page.locator(".node.cell").nth(5).click();
  await page.locator("#detail h2", { hasText: "that_goes_on_that_goes_on" }).waitFor();
  const outside = await page.evaluate(`[...document.querySelectorAll(".node")].filter((node) =>
    [...node.querySelectorAll("text")].some((text) => text.getBBox().x + text.getBBox().width > node.querySelector("rect").getBBox().width)).length`);
  expect(outside).toBe(0);
  await picture(page, "long-names");
  expect(await page.locator("#graph img, #side img").count()).toBe(0);
  expect(await page.evaluate("window.hacked")).toBeUndefined();
  const sideways =
    "document.getElementById('side').scrollWidth > document.getElementById('side').clientWidth";
  expect(await page.evaluate(sideways)).toBe(false);
  expect(errors).toEqual([]);
});
