import { expect, test } from "vitest";
import { metadataPath, resourceMetadata, wwwAuthenticate } from "./challenge.ts";

test("puts the well-known name before the path", () => {
  expect(metadataPath("/mcp")).toBe("/.well-known/oauth-protected-resource/mcp");
  expect(metadataPath("/a/b")).toBe("/.well-known/oauth-protected-resource/a/b");
  expect(metadataPath("/")).toBe("/.well-known/oauth-protected-resource");
});

test("leaves out of a challenge what there is nothing to say of", () => {
  expect(wwwAuthenticate({ realm: "shop" })).toBe('Bearer realm="shop"');
  expect(wwwAuthenticate({ realm: "shop", scopes: [] })).toBe('Bearer realm="shop"');
  expect(
    wwwAuthenticate({
      realm: "s",
      error: "insufficient_scope",
      scopes: ["a", "b"],
      metadataUrl: "https://x/y",
    }),
  ).toBe('Bearer realm="s", error="insufficient_scope", scope="a b", resource_metadata="https://x/y"');
});

test("a value cannot leave its quotes", () => {
  expect(wwwAuthenticate({ realm: 'a", error="x\r\nSet-Cookie: b' })).toBe(
    'Bearer realm="a, error=xSet-Cookie: b"',
  );
});

test("names scopes only where there are any", () => {
  const servers = { authorizationServers: ["https://id.example"] };
  expect(resourceMetadata("s", "https://x/mcp", servers)).not.toHaveProperty("scopes_supported");
  expect(resourceMetadata("s", "https://x/mcp", { ...servers, scopes: ["a"] })).toMatchObject({
    resource: "https://x/mcp",
    authorization_servers: ["https://id.example"],
    scopes_supported: ["a"],
  });
});
