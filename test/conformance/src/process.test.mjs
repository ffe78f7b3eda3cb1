import { expect, test } from "vitest";
import { startServer } from "./process.mjs";

test("waits for the URL a server prints, and stops the server", async () => {
  const program = `setTimeout(() => console.error("listening on http://127.0.0.1:1234/mcp."), 50); setInterval(() => {}, 1000)`;
  const { url, stop } = await startServer(process.execPath, ["-e", program]);
  expect(url).toBe("http://127.0.0.1:1234/mcp");
  await stop();
});

test("says what a server printed that ended without a URL", async () => {
  const program = `console.error("no database"); process.exit(3)`;
  await expect(startServer(process.execPath, ["-e", program])).rejects.toThrow(/ended with 3\s+no database/);
});

test("gives up on a server that prints nothing", async () => {
  const program = "setInterval(() => {}, 1000)";
  await expect(startServer(process.execPath, ["-e", program], { timeoutMs: 200 })).rejects.toThrow(
    "printed no URL",
  );
});
