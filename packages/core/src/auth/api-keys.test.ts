import { expect, test } from "vitest";
import { type ApiKeyEntry, createApiKeys } from "./api-keys.ts";
import { hashChosenKey, mintApiKey } from "./key-hash.ts";

const ann = mintApiKey();
const entry: ApiKeyEntry = {
  id: "ann",
  hash: ann.hash,
  scopes: ["data:read"],
  tenant: "acme",
  claims: { project_id: "shop" },
};
const config = (field: string) =>
  expect.objectContaining({ code: "CONFIG_ERROR", message: expect.stringContaining(field) });

test("a minted key lets its principal in, with scopes, tenant and claims", async () => {
  expect(ann.key).toMatch(/^mdk_[\w-]{43}$/);
  expect(await createApiKeys([entry]).verify(ann.key)).toEqual({
    id: "key:ann",
    scopes: ["data:read"],
    method: "api_key",
    tenant: "acme",
    claims: { project_id: "shop" },
  });
});

test("every other text stays out: empty, near, huge, the hash itself", async () => {
  const keys = createApiKeys([entry]);
  for (const key of [
    "",
    `${ann.key}x`,
    ann.key.slice(0, -1),
    ann.key.toUpperCase(),
    ann.hash,
    "x".repeat(1e6),
    "\0",
  ]) {
    expect(await keys.verify(key)).toBeUndefined();
  }
  expect(await createApiKeys([]).verify(ann.key)).toBeUndefined();
});

test("expiry and disabling end a key, also one with a slow hash that was used before", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const slow = await hashChosenKey("correct horse");
  const expires_at = "2026-01-02T01:00:00+01:00";
  const keys = createApiKeys(
    [
      { ...entry, expires_at },
      { id: "slow", hash: slow, scopes: [], expires_at },
      { id: "off", hash: mintApiKey().hash, scopes: [], disabled: true },
    ],
    () => now,
  );
  expect((await keys.verify(ann.key))?.id).toBe("key:ann");
  expect((await keys.verify("correct horse"))?.id).toBe("key:slow");
  now = Date.parse("2026-01-02T00:00:00Z");
  expect(await keys.verify(ann.key)).toBeUndefined();
  expect(await keys.verify("correct horse")).toBeUndefined();

  const off = mintApiKey();
  expect(await createApiKeys([{ ...entry, hash: off.hash, disabled: true }]).verify(off.key)).toBeUndefined();
});

test("a chosen key is checked against its slow hash, once", async () => {
  const hash = await hashChosenKey("correct horse");
  expect(hash).toMatch(/^scrypt:16384:8:1:[\w-]+:[\w-]{43}$/);
  expect(await hashChosenKey("correct horse")).not.toBe(hash);
  const keys = createApiKeys([entry, { id: "bob", hash, scopes: ["*"] }]);
  expect(await keys.verify("wrong horse")).toBeUndefined();
  expect((await keys.verify("correct horse"))?.id).toBe("key:bob");
  const started = performance.now();
  for (let i = 0; i < 200; i++) expect((await keys.verify("correct horse"))?.id).toBe("key:bob");
  expect(performance.now() - started).toBeLessThan(200);
});

test("a flood of wrong keys is turned away; generated keys still get in at once", async () => {
  const keys = createApiKeys([entry, { id: "bob", hash: await hashChosenKey("correct horse"), scopes: [] }]);
  const flood = Array.from({ length: 40 }, (_, n) =>
    keys.verify(`wrong ${n}`).catch((error: { code: string }) => error.code),
  );
  expect((await keys.verify(ann.key))?.id).toBe("key:ann");
  const outcomes = await Promise.all(flood);
  expect(outcomes.filter((outcome) => outcome === "UNAVAILABLE")).toHaveLength(36);
  expect((await keys.verify("correct horse"))?.id).toBe("key:bob");
});

test.each([
  ["plain-key-hunter2", "auth.api_keys[1].hash"],
  ["sha256:abc", "auth.api_keys[1].hash"],
  [`scrypt:16383:8:1:AAAAAAAAAAAAAAAAAAAAAA:${"A".repeat(43)}`, "auth.api_keys[1].hash"],
  [`scrypt:99999999:8:1:AAAAAAAAAAAAAAAAAAAAAA:${"A".repeat(43)}`, "auth.api_keys[1].hash"],
  [`scrypt:1048576:64:1:AAAAAAAAAAAAAAAAAAAAAA:${"A".repeat(43)}`, "auth.api_keys[1].hash"],
])("a malformed or unaffordable hash names its field and shows nothing (%#)", (hash, field) => {
  const make = () => createApiKeys([entry, { ...entry, id: "b", hash }]);
  expect(make).toThrow(config(field));
  expect(make).not.toThrow(/hunter2/);
});

test("an id given twice and a date that is none are configuration errors", () => {
  expect(() => createApiKeys([entry, { ...entry, hash: mintApiKey().hash }])).toThrow(
    config("auth.api_keys[1].id"),
  );
  expect(() => createApiKeys([{ ...entry, expires_at: "soon" }])).toThrow(
    config("auth.api_keys[0].expires_at"),
  );
});
