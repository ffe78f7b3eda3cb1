import { expect, test } from "vitest";
import { createGuard } from "./guard.ts";

const hostStatus = (guard: ReturnType<typeof createGuard>, host?: string) =>
  guard.checkHost(new Headers(host === undefined ? {} : { host }))?.status;
const originStatus = (guard: ReturnType<typeof createGuard>, origin?: string) =>
  guard.checkOrigin(new Headers(origin === undefined ? {} : { origin }))?.status;

test("on loopback only loopback names are served", () => {
  const guard = createGuard({ host: "127.0.0.1" });
  for (const host of ["localhost", "localhost:3000", "127.0.0.1:1", "[::1]:80", "LOCALHOST:9"]) {
    expect(hostStatus(guard, host), host).toBeUndefined();
  }
  for (const host of [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "10.0.0.1",
    "localhost@evil.example",
    "evil.example#localhost",
    "evil.example/localhost",
    "",
    "a b",
    undefined,
  ]) {
    expect(hostStatus(guard, host), String(host)).toBe(403);
  }
});

test("on the network, addresses and configured names are served, other names are not", () => {
  const guard = createGuard({ host: "0.0.0.0", allowedHosts: ["Data.Example"] });
  for (const host of ["10.1.2.3:80", "[fe80::1]:80", "data.example", "DATA.example:8443", "localhost"]) {
    expect(hostStatus(guard, host), host).toBeUndefined();
  }
  expect(hostStatus(guard, "evil.example")).toBe(403);
});

test("an absent origin is no browser; a present one must be known", () => {
  const guard = createGuard({ host: "127.0.0.1", allowedOrigins: ["https://app.example"] });
  for (const origin of [undefined, "http://localhost:5173", "http://127.0.0.1", "https://app.example"]) {
    expect(originStatus(guard, origin), String(origin)).toBeUndefined();
  }
  for (const origin of [
    "https://evil.example",
    "http://app.example",
    "https://app.example.evil.example",
    "https://app.example:444",
    "null",
    "file://",
    "chrome-extension://abc",
    "nonsense",
  ]) {
    expect(originStatus(guard, origin), origin).toBe(403);
  }
});

test("on the network a page of localhost is as foreign as any other", () => {
  const guard = createGuard({ host: "0.0.0.0" });
  expect(originStatus(guard, "http://localhost:5173")).toBe(403);
});

test("names an allowed origin back, never a wildcard", () => {
  const guard = createGuard({ host: "127.0.0.1" });
  const cors = (origin: string) => guard.cors(new Headers({ origin }));
  expect(cors("http://localhost:1")).toMatchObject({
    "access-control-allow-origin": "http://localhost:1",
    vary: "origin",
  });
  expect(cors("https://evil.example")).toEqual({});
  expect(guard.cors(new Headers())).toEqual({});
});
