import { connectV1 } from "@mcp-data/core/testing";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChromium } from "../../../scripts/services/chromium.mjs";
import { shot, signIn } from "./support/page.ts";
import { keyOf, serveTeam } from "./support/serve.ts";

const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
let browser: Browser;

beforeAll(async () => {
  browser = await openChromium(chromium);
}, 60_000);
afterAll(() => browser?.close());

const openPage = (base: string, person: string, colorScheme: "light" | "dark") =>
  signIn(browser, base, person, colorScheme);

test.each(["light", "dark"] as const)(
  "in %s: diffs, voting and charts work, stored script text is only text",
  async (scheme) => {
    await using server = await serveTeam({ team: { threshold: 2, owners: ["key:owner"] } });
    const ann = await connectV1({ url: server.url, headers: { "x-api-key": keyOf("ann") } });
    const call = (name: string, args: Record<string, unknown>) =>
      ann.client.callTool({ name, arguments: args });
    await call("run_tool", { name: "trend_analysis", dataset: "metrics" });
    await call("propose_tool", {
      name: "hostile",
      program: `# ${hostile}\n.data | add`,
      description: hostile,
      datasets: ["metrics"],
      justification: `Look: ${hostile}`,
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
    await shot(second.page, "library", [scheme]);
    await shot(page, "vote", [scheme]);
    await ann[Symbol.asyncDispose]();
  },
  60_000,
);

test("an empty library, 200 entries with long names, a narrow window, and the keyboard alone", async () => {
  const long = "a_name_that_somebody_made_as_long_as_names_may_be_in_this_lib";
  await using server = await serveTeam({ seeds: [], team: { threshold: 2, owners: ["key:owner"] } });
  const { page, errors } = await openPage(server.base, "bob", "light");
  await page.getByText("Library, still empty").waitFor();
  await page.getByText("No runs in these days.").waitFor();
  await page.getByText("Nothing to vote on.").waitFor();
  await shot(page, "empty");
  const owner = await connectV1({ url: server.url, headers: { "x-api-key": keyOf("owner") } });
  const functions = Array.from({ length: 200 }, (_, i) => {
    const name = i === 0 ? long : `fn_${String(i).padStart(3, "0")}`;
    return {
      name,
      definition: `def ${name}: . + ${i};`,
      description: `Adds ${i}. ${"words ".repeat(i % 30)}`,
    };
  });
  await owner.client.callTool({ name: "import_library", arguments: { functions } });
  for (const name of [long, "short"])
    await owner.client.callTool({
      name: "propose_tool",
      arguments: {
        name,
        program: `# ${"wide ".repeat(60)}\n.`,
        description: "x".repeat(400),
        justification: "y".repeat(600),
      },
    });
  await page.getByText("Library, 200 entries").waitFor();
  await page.locator("article.proposal").nth(1).waitFor();
  const overflow = () => page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  expect(await overflow()).toBeLessThanOrEqual(0);
  await shot(page, "many");
  await page.setViewportSize({ width: 420, height: 900 });
  expect(await overflow()).toBeLessThanOrEqual(0);
  await shot(page, "narrow");
  await page.setViewportSize({ width: 1200, height: 900 });
  // Rows in view only, the rest by scrolling.
  expect(await page.locator(".vrow").count()).toBeLessThan(60);

  // A comment that is being typed outlives what others do meanwhile.
  await page.getByLabel("Comment on tool:short").focus();
  await page.keyboard.type("half a sen");
  await owner.client.callTool({
    name: "propose_tool",
    arguments: { name: "third", program: ".", justification: "while typing" },
  });
  await page.getByText("tool:third").waitFor();
  await page.keyboard.type("tence");
  // What is cut is told, and shown when asked for.
  const filler = Array.from({ length: 1_000 }, (_, i) => `# harmless ${i}`).join("\n");
  await owner.client.callTool({
    name: "propose_tool",
    arguments: { name: "long_one", program: `${filler}\nerror("far down")`, justification: "see every line" },
  });
  await page.getByText(/^… \d+ more lines, not shown here/).waitFor();
  await shot(page, "cut");
  await page.getByRole("button", { name: "Show every line of tool:long_one" }).click();
  await page.getByText('+error("far down")').waitFor();
  await page.getByLabel("Comment on tool:short").focus();
  expect(await page.getByLabel("Comment on tool:short").inputValue()).toBe("half a sentence");
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.ariaLabel")).toBe("Approve tool:short");
  await page.keyboard.press("Enter");
  await page.getByText("1 for, 0 against").waitFor();
  await page.getByText("key:bob (approve): half a sentence").waitFor();
  await page.locator("#items").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("Version 1").waitFor();
  expect(await page.evaluate("document.activeElement.id")).toBe("detail-title");
  expect(errors).toEqual([]);
  await owner[Symbol.asyncDispose]();
}, 60_000);
