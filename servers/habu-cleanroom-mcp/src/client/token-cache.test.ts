import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, ToolError } from "@mcp-data/core";
import { expect, onTestFinished, test } from "vitest";
import { bench } from "../../test/helpers/harness.ts";
import { createVirtualClock } from "../clock/clock.ts";
import { seal, unseal } from "./sealed.ts";
import { createTokenCache, type TokenReply } from "./token-cache.ts";
import { readClaims } from "./token-claims.ts";

async function open() {
  const one = await bench();
  onTestFinished(() => one.close());
  return one;
}

function cache(request: () => Promise<TokenReply>, start = 1_000_000_000_000) {
  const clock = createVirtualClock(start);
  const file = join(mkdtempSync(join(tmpdir(), "habu-token-")), "token.json");
  const make = (secret = "client-secret") =>
    createTokenCache({ file, secret: new Secret(secret), clock, request });
  return { clock, file, make, tokens: make() };
}

const bare = (text: string): TokenReply => ({ accessToken: text });

test("50 restarts in a day ask for at most two tokens", async () => {
  const { restart, emulator } = await open();
  for (let n = 0; n < 50; n += 1) {
    const { session } = restart();
    await session().call("getAllCleanrooms", {}, { fresh: true });
    emulator.clock.advance(28 * 60_000);
  }
  expect(emulator.tokens.granted).toHaveLength(2);
  expect(emulator.journal.violations()).toEqual([]);
});

test("the cache is readable by its owner only and does not hold the token in the open", async () => {
  const { session, dir, emulator } = await open();
  await session().call("getAllCleanrooms", {});
  const file = join(dir, "token.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, "utf8");
  expect(text).not.toContain(emulator.clientSecret);
  expect(text).not.toMatch(/eyJhbGciOi/);
  expect(JSON.parse(text).permissions).toContain("read:cleanrooms");
});

test("calls that start together ask once", async () => {
  let asked = 0;
  const { tokens } = cache(async () => {
    asked += 1;
    return { accessToken: `t${asked}`, expiresIn: 3_600 };
  });
  expect(await Promise.all([tokens.get(), tokens.get(), tokens.get()])).toEqual(["t1", "t1", "t1"]);
});

test("a token lives until a minute before its end, by claim, then stated time, then seconds, then an hour", async () => {
  const start = Date.parse("2026-01-01T00:00:00Z");
  const claims = (exp: number) => `x.${Buffer.from(JSON.stringify({ exp })).toString("base64url")}.y`;
  for (const [reply, lifeMs] of [
    [
      { accessToken: claims(start / 1_000 + 600), expiresIn: 86_400, expiresAt: "2026-01-05T00:00:00Z" },
      600_000,
    ],
    [{ accessToken: "a", expiresIn: 86_400, expiresAt: "2026-01-01T00:20:00.000+00:00" }, 1_200_000],
    [{ accessToken: "b", expiresIn: 1_800, expiresAt: "soon" }, 1_800_000],
    [bare("c"), 3_600_000],
  ] as const) {
    let asked = 0;
    const { tokens, clock } = cache(async () => {
      asked += 1;
      return reply as TokenReply;
    }, start);
    await tokens.get();
    clock.advance(lifeMs - 61_000);
    await tokens.get();
    expect(asked).toBe(1);
    clock.advance(2_000);
    await tokens.get();
    expect(asked).toBe(2);
  }
});

test("the third token of a day is not asked for; the error names the minute", async () => {
  let asked = 0;
  const { tokens, clock } = cache(async () => {
    asked += 1;
    return { accessToken: `t${asked}`, expiresIn: 3_600 };
  });
  await tokens.get();
  clock.advance(2 * 3_600_000);
  await tokens.get();
  clock.advance(2 * 3_600_000);
  await expect(tokens.get()).rejects.toMatchObject({
    code: "RATE_LIMITED",
    retryAfterMs: 20 * 3_600_000,
    details: { reason: "TOKEN_BUDGET" },
  });
  expect(tokens.budget()).toMatchObject({ issued_last_24h: 2, limit: 2, frees_at: expect.any(String) });
  clock.advance(20 * 3_600_000 + 1);
  expect(await tokens.get()).toBe("t3");
});

test("a request that surely failed gives its place back; one that may have been granted does not", async () => {
  const fail = (applied: string) => new ToolError("AUTH_REQUIRED", "no", { details: { applied } });
  const sure = cache(() => Promise.reject(fail("no")));
  await expect(sure.tokens.get()).rejects.toThrow();
  expect(sure.tokens.budget().issued_last_24h).toBe(0);
  const unsure = cache(() => Promise.reject(fail("unknown")));
  await expect(unsure.tokens.get()).rejects.toThrow();
  await expect(unsure.tokens.get()).rejects.toThrow();
  await expect(unsure.tokens.get()).rejects.toMatchObject({ details: { reason: "TOKEN_BUDGET" } });
  const odd = cache(() => Promise.reject(new Error("defect")));
  await expect(odd.tokens.get()).rejects.toThrow("defect");
  expect(odd.tokens.budget().issued_last_24h).toBe(1);
});

test("a rotated secret cannot read the cached token and asks for another", async () => {
  let asked = 0;
  const { make, tokens } = cache(async () => {
    asked += 1;
    return bare(`t${asked}`);
  });
  await tokens.get();
  expect(await make("other-secret").get()).toBe("t2");
  expect(await make("other-secret").get()).toBe("t2");
});

test("a rejected token is not given again; one that another process fetched is", async () => {
  let asked = 0;
  const { make, tokens, clock } = cache(async () => {
    asked += 1;
    return bare(`t${asked}`);
  });
  const other = make();
  tokens.reject(await tokens.get());
  expect(await tokens.get()).toBe("t2");
  tokens.reject("unrelated");
  expect(await tokens.get()).toBe("t2");
  expect(await other.get()).toBe("t2");
  expect(tokens.lastAsked()).toBe(clock.now());
  expect(make().permissions()).toBeUndefined();
});

test("a damaged file is named, not overwritten", async () => {
  const { file, tokens } = cache(async () => bare("t"));
  await tokens.get();
  writeFileSync(file, "{broken");
  expect(() => tokens.budget()).toThrow(
    expect.objectContaining({ code: "CONFIG_ERROR", details: { reason: "STATE_DAMAGED" } }),
  );
});

test("sealed text opens with its secret only and not once altered", () => {
  const sealed = seal("token", "secret");
  expect(unseal(sealed, "secret")).toBe("token");
  expect(unseal(sealed, "other")).toBeUndefined();
  expect(unseal(`${sealed.slice(0, -3)}AAA`, "secret")).toBeUndefined();
  expect(unseal("short", "secret")).toBeUndefined();
});

test("claims of anything that is no token are none", () => {
  for (const text of ["", "a.b.c", "a", `x.${Buffer.from("3").toString("base64url")}.y`])
    expect(readClaims(text)).toEqual({});
  const odd = Buffer.from(JSON.stringify({ exp: "soon", permissions: ["read:users", 4] })).toString(
    "base64url",
  );
  expect(readClaims(`x.${odd}.y`)).toEqual({ permissions: ["read:users"] });
});
