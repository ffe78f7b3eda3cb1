import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Secret } from "@mcp-data/core";
import { expect, onTestFinished, test } from "vitest";
import { postAlerts } from "./post.ts";

const alerts = [{ kind: "run_failed", subject: "run-1", detail: "CRQ-1 FAILED" }] as const;
const now = Date.parse("2026-11-20T09:00:00Z");

/** A receiver that answers with these in turn, the last one for ever; 0 drops the connection. */
async function receiver(...statuses: number[]) {
  const got: { body: string; signature: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    got.push({ body, signature: String(request.headers["x-signature"]) });
    const status = statuses[Math.min(got.length, statuses.length) - 1] ?? 200;
    if (status === 0) request.socket.destroy();
    else response.writeHead(status, { location: "http://127.0.0.1:9/" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { got, send: () => postAlerts({ url, secret: new Secret("hook") }, alerts, now, 1) };
}

test("a receiver can check who sent the alerts, and when", async () => {
  const { got, send } = await receiver(200);
  expect(await send()).toBe(true);
  const [{ body, signature } = { body: "", signature: "" }] = got;
  const mac = (secret: string, text: string) => createHmac("sha256", secret).update(text).digest("hex");
  expect(signature).toBe(`t=${now / 1_000},v1=${mac("hook", `${now / 1_000}.${body}`)}`);
  expect(signature).not.toContain(mac("other", `${now / 1_000}.${body}`));
  expect(JSON.parse(body)).toEqual({ server: "habu-cleanroom-mcp", at: "2026-11-20T09:00:00.000Z", alerts });
});

test("a receiver that fails for a moment is asked again, with the same alerts", async () => {
  const { got, send } = await receiver(500, 429, 0, 200);
  expect(await send()).toBe(true);
  expect(new Set(got.map(({ body }) => body)).size).toBe(1);
  expect(got).toHaveLength(4);
});

test("a receiver that never takes them is given up; one that refuses or redirects is asked once or not followed", async () => {
  const down = await receiver(503);
  expect(await down.send()).toBe(false);
  expect(down.got).toHaveLength(4);
  const refuses = await receiver(401);
  expect(await refuses.send()).toBe(false);
  expect(refuses.got).toHaveLength(1);
  expect(await (await receiver(302)).send()).toBe(false);
});
