import { expect, test } from "vitest";
import { createProxyCheck } from "./proxy-check.ts";

const check = (settings: { peers?: string[]; secret?: string }) =>
  createProxyCheck(
    {
      secret_header: "X-Proxy-Secret",
      ...(settings.peers === undefined ? {} : { peers: settings.peers }),
      ...(settings.secret === undefined ? {} : { secret: { reveal: () => settings.secret ?? "" } }),
    },
    "some.field",
  );
const headers = (secret?: string) => new Headers(secret === undefined ? {} : { "x-proxy-secret": secret });

test("by address: a range covers what is in it, a mapped address counts, no address is nobody", () => {
  const proxy = check({ peers: ["10.0.0.0/24", "fd00::/8"] });
  for (const peer of ["10.0.0.1", "::ffff:10.0.0.255", "fd12::1"])
    expect(proxy.sent(headers(), peer)).toBe(true);
  for (const peer of ["10.0.1.0", "::ffff:10.0.1.1", "fe80::1", "10.0.0.1, 1.1.1.1", "", undefined])
    expect(proxy.sent(headers("anything"), peer)).toBe(false);
});

test("by secret: only the very secret, from wherever; with addresses both must fit", () => {
  const proxy = check({ secret: "long secret" });
  expect(proxy.sent(headers("long secret"), undefined)).toBe(true);
  for (const wrong of ["long secre", "long secret2", "", undefined])
    expect(proxy.sent(headers(wrong), "127.0.0.1")).toBe(false);
  const both = check({ secret: "long secret", peers: ["10.0.0.1"] });
  expect(both.sent(headers("long secret"), "10.0.0.1")).toBe(true);
  expect(both.sent(headers("long secret"), "10.0.0.2")).toBe(false);
  expect(both.sent(headers(), "10.0.0.1")).toBe(false);
});

test.each([{}, { peers: ["10.0.0.0/"] }, { peers: ["10.0.0.1", "proxy.local"] }, { peers: ["10.0.0.1/-1"] }])(
  "what cannot tell the proxy is a configuration error naming the field: %j",
  (settings) => {
    expect(() => check(settings)).toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR", message: expect.stringMatching(/^some\.field/) }),
    );
  },
);
