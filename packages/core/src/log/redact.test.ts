import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isSecretName, redactText, redactValue } from "./redact.ts";

test.each([
  ["postgres://ann:hunter2@db/shop", "postgres://ann:[secret]@db/shop"],
  ["redis://:hunter2@cache:6379/0", "redis://:[secret]@cache:6379/0"],
  ["postgres://ann:p@ss/hunter2@db/shop?a=1", "postgres://ann:[secret]@db/shop?a=1"],
  ["postgres://ann@db/shop and mail bob@example.org", "postgres://ann@db/shop and mail bob@example.org"],
  ["https://example.org:8080/path", "https://example.org:8080/path"],
  ["host=db password=hunter2 user=ann", "host=db password=[secret] user=ann"],
  ["?sslpassword=x&password=hunter2&b=1", "?sslpassword=x&password=[secret]&b=1"],
  [`{"client_secret":"hunter2","n":1}`, `{"client_secret":[secret],"n":1}`],
  ["select * from users where password = 'hunter2 x'", "select * from users where password = [secret]"],
  ["Authorization: Bearer abc.def-hunter2", "Authorization: Bearer [secret]"],
  ["key mdk_0123456789abcdefghij done", "key [secret] done"],
  ["AKIAIOSFODNN7EXAMPLE", "[secret]"],
  ["eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln", "[secret]"],
  ["-----BEGIN RSA PRIVATE KEY-----\nMIIhunter2\n-----END RSA PRIVATE KEY-----", "[secret]"],
  ["the token bucket is full", "the token bucket is full"],
])("%s", (text, safe) => {
  expect(redactText(text)).toBe(safe);
});

test.each([
  "password",
  "DB_PASSWORD",
  "apiKey",
  "X-API-Key",
  "client.secret",
  "accessToken",
  "dsn",
  "signing_keys",
])("%s is a secret's name", (name) => expect(isSecretName(name)).toBe(true));
test.each([
  "key",
  "primary_key",
  "author",
  "shipping",
  "tokens_used",
  "next_cursor",
  "keyboard",
  "secretary",
])("%s is not", (name) => expect(isSecretName(name)).toBe(false));

test("masks by name at every depth, in maps, errors, causes and lists", () => {
  const error = new Error("connect postgres://a:hunter2@db failed", { cause: { password: "hunter2" } });
  const value = {
    list: [{ apiKey: "hunter2" }, new Map([["password", "hunter2"]])],
    err: Object.assign(error, { code: "ECONNREFUSED" }),
    token: { value: "hunter2" },
    tokens: 12,
    token_count: 7,
    "postgres://a:hunter2@db": 1,
  };
  const safe = redactValue(value);
  expect(inspect(safe, { depth: 20 })).not.toContain("hunter2");
  expect(safe).toMatchObject({ tokens: 12, token_count: 7, err: { type: "Error", code: "ECONNREFUSED" } });
});

test("any value becomes finite JSON", () => {
  const loop: { name: string; self?: unknown } = { name: "a" };
  loop.self = loop;
  let deep: unknown = 1;
  for (let i = 0; i < 10_000; i++) deep = { deep };
  const many = Array.from({ length: 5_000 }, (_, i) => i);
  const text = JSON.stringify(
    redactValue({ loop, deep, many, big: 10n, bytes: Buffer.alloc(9), long: "x".repeat(1e6) }),
  );
  expect(text.length).toBeLessThan(20_000);
  expect(text).toContain("[circular]");
  expect(text).toContain("4900 more");
  fc.assert(fc.property(fc.anything(), (value) => void JSON.stringify(redactValue(value))));
});

test("a shared object is not a circle", () => {
  const shared = { a: 1 };
  expect(redactValue([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
});

test("hostile text costs little", () => {
  const started = performance.now();
  for (const piece of [
    "a://a:",
    "password=",
    "eyJ",
    "bearer ",
    "a_",
    "-----BEGIN PRIVATE KEY-----",
    "://x:@",
  ]) {
    redactText(piece.repeat(200_000));
  }
  expect(performance.now() - started).toBeLessThan(1_000);
});
