import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { keyOf } from "./serve.ts";

type Scheme = "light" | "dark";

/** The page as a person sees it after signing in; `errors` is what the browser complained of. */
export async function signIn(browser: Browser, base: string, person: string, colorScheme: Scheme = "light") {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/\b(401|429)\b/.test(message.text())) errors.push(message.text());
  });
  await page.goto(`${base}/ui`);
  await page.getByLabel("API key").fill(keyOf(person));
  await page.getByRole("button", { name: "Use" }).click();
  await page.getByText(`key:${person}`).first().waitFor();
  return { page, errors, context };
}

/** Pictures to look at, where SCREENSHOTS names a folder. */
export async function shot(
  page: Page,
  name: string,
  schemes: readonly Scheme[] = ["light", "dark"],
): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `jq-page-${name}-${colorScheme}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: schemes[0] ?? "light" });
}
