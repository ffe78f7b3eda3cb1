import { mintApiKey, Secret } from "@mcp-data/core";
import { expect, test } from "vitest";
import { projectAuth } from "./project-auth.ts";

const bare = mintApiKey();
const bound = mintApiKey();
const key = (id: string, hash: string, claims?: Record<string, unknown>) => ({
  id,
  hash,
  scopes: ["data:read"],
  disabled: false,
  ...(claims === undefined ? {} : { claims }),
});
const auth = {
  api_keys: [key("bare", bare.hash), key("bound", bound.hash, { project_id: "own" })],
};
const header = (proof: { peers?: string[]; secret?: Secret }) => ({
  name: "X-Project",
  secret_header: "X-Proxy-Secret",
  ...proof,
});
const request = (apiKey: string, more: Record<string, string> = {}) =>
  new Headers({ "x-api-key": apiKey, "x-project": "asked", ...more });

test("the header of anybody but the gateway chooses nothing, whatever else it sends", async () => {
  const http = projectAuth({ auth, project_header: header({ peers: ["10.0.0.1"] }) }, undefined);
  for (const peer of ["127.0.0.1", "10.0.0.2", undefined]) {
    const principal = await http?.authenticate(request(bare.key, { "x-forwarded-for": "10.0.0.1" }), peer);
    expect(principal?.claims).toBeUndefined();
  }
  const known = await http?.authenticate(request(bare.key), "10.0.0.1");
  expect(known?.claims).toEqual({ project_id: "asked" });
});

test("a secret proves the gateway as well, and a wrong one does not", async () => {
  const http = projectAuth({ auth, project_header: header({ secret: new Secret("shared") }) }, undefined);
  const proven = await http?.authenticate(request(bare.key, { "x-proxy-secret": "shared" }), "192.0.2.1");
  expect(proven?.claims).toEqual({ project_id: "asked" });
  const wrong = await http?.authenticate(request(bare.key, { "x-proxy-secret": "shard" }), "192.0.2.1");
  expect(wrong?.claims).toBeUndefined();
});

test("a credential's own project stands even against the gateway", async () => {
  const http = projectAuth({ auth, project_header: header({ peers: ["10.0.0.1"] }) }, undefined);
  const principal = await http?.authenticate(request(bound.key), "10.0.0.1");
  expect(principal?.claims).toEqual({ project_id: "own" });
});

test("a proxy that names its callers by address is still heard when projects come by header", async () => {
  const trusted_proxy = {
    header: "X-User-Id",
    peers: ["10.0.0.1"],
    secret_header: "X-Proxy-Secret",
    scopes: ["data:read"],
  };
  const http = projectAuth(
    { auth: { trusted_proxy }, project_header: header({ peers: ["10.0.0.1"] }) },
    undefined,
  );
  const headers = new Headers({ "x-user-id": "zoe", "x-project": "asked" });
  await expect(http?.authenticate(headers, "10.0.0.1")).resolves.toMatchObject({
    id: "proxy:zoe",
    claims: { project_id: "asked" },
  });
  await expect((async () => http?.authenticate(headers, "10.0.0.2"))()).rejects.toMatchObject({
    code: "AUTH_REQUIRED",
  });
});

test("a header nobody can be told to have sent does not start", () => {
  expect(() => projectAuth({ auth, project_header: header({}) }, undefined)).toThrow(
    expect.objectContaining({ code: "CONFIG_ERROR", message: expect.stringContaining("project_header") }),
  );
});
