import { existsSync } from "node:fs";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** CHROMIUM_PATH, else where distributions put it. */
export function findChromium() {
  return [process.env.CHROMIUM_PATH, ...places].find((path) => path !== undefined && existsSync(path));
}

/** Takes the caller's Playwright, which only tests of pages depend on. */
export async function openChromium(playwright) {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error("Chromium is not installed; run: apt-get install -y chromium, or set CHROMIUM_PATH");
  return await playwright.launch({ executablePath, args: ["--no-sandbox"] });
}
