import { expect, test } from "vitest";
import { createAuthenticator } from "./authenticate.ts";
import { openAuth } from "./open.ts";
import { createTrustedProxy, type TrustedProxySettings } from "./trusted-proxy.ts";

const settings = (more: Partial<TrustedProxySettings>): TrustedProxySettings => ({
  header: "x-user-id",
  secret_header: "x-proxy-secret",
  scopes: ["data:read"],
  ...more,
});
const headers = (values: Record<string, string>) => new Headers(values);

test("the header counts from the proxy's address only", () => {
  const proxy = createTrustedProxy(settings({ peers: ["10.0.0.0/24", "::1"] }));
  const named = headers({ "x-user-id": "alice" });
  expect(proxy.principalOf(named, "10.0.0.7")).toEqual({
    id: "proxy:alice",
    scopes: ["data:read"],
    method: "proxy",
  });
  expect(proxy.principalOf(named, "::ffff:10.0.0.7")?.id).toBe("proxy:alice");
  expect(proxy.principalOf(named, "::1")?.id).toBe("proxy:alice");
  for (const peer of ["10.0.1.7", "127.0.0.1", "::2", undefined])
    expect(proxy.principalOf(named, peer)).toBeUndefined();
});

test("with a secret and addresses both must fit", () => {
  const proxy = createTrustedProxy(settings({ peers: ["10.0.0.1"], secret: { reveal: () => "s3cret" } }));
  const good = headers({ "x-user-id": "a", "x-proxy-secret": "s3cret" });
  expect(proxy.principalOf(good, "10.0.0.1")?.id).toBe("proxy:a");
  expect(proxy.principalOf(good, "10.0.0.2")).toBeUndefined();
  expect(
    proxy.principalOf(headers({ "x-user-id": "a", "x-proxy-secret": "no" }), "10.0.0.1"),
  ).toBeUndefined();
  expect(proxy.principalOf(headers({ "x-user-id": "a" }), "10.0.0.1")).toBeUndefined();
});

test.each(["a, b", "", " ", "a b", "x".repeat(201), "a\u00e9"])(
  "an id that is no single id is refused: %j",
  (id) => {
    const proxy = createTrustedProxy(settings({ peers: ["10.0.0.1"] }));
    const given = { get: (name: string) => (name === "x-user-id" ? id : null) };
    expect(() => proxy.principalOf(given, "10.0.0.1")).toThrow(
      expect.objectContaining({ code: "AUTH_REQUIRED" }),
    );
  },
);

test("a proxy that cannot be told from others is a configuration error, as is a bad address", () => {
  expect(() => createTrustedProxy(settings({}))).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
  for (const peer of ["10.0.0", "10.0.0.0/33", "host", "10.0.0.0/8/8", "::1/129"]) {
    expect(() => createTrustedProxy(settings({ peers: [peer] }))).toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR" }),
    );
  }
});

test("without the proxy's word another credential is needed, and the header is no credential", async () => {
  const auth = createAuthenticator({ trustedProxy: createTrustedProxy(settings({ peers: ["10.0.0.1"] })) });
  await expect(auth.authenticate(headers({ "x-user-id": "root" }), "10.9.9.9")).rejects.toMatchObject({
    code: "AUTH_REQUIRED",
  });
  expect((await auth.authenticate(headers({ "x-user-id": "a" }), "10.0.0.1")).id).toBe("proxy:a");
  await expect(auth.authenticate(headers({}), "10.0.0.1")).rejects.toMatchObject({ code: "AUTH_REQUIRED" });
});

test("the settings open it", async () => {
  const auth = openAuth({ trusted_proxy: settings({ peers: ["127.0.0.1"] }) });
  expect((await auth?.authenticate(headers({ "x-user-id": "a" }), "127.0.0.1"))?.id).toBe("proxy:a");
});
