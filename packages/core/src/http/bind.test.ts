import { expect, test } from "vitest";
import { assertSafeBind, hostForUrl, isLoopback, parseBind } from "./bind.ts";

test.each([
  ["127.0.0.1:8080", "127.0.0.1", 8080],
  [":0", "127.0.0.1", 0],
  ["9000", "127.0.0.1", 9000],
  ["localhost:1", "localhost", 1],
  ["0.0.0.0:80", "0.0.0.0", 80],
  ["[::1]:65535", "::1", 65535],
  ["[::]:80", "::", 80],
])("reads %s", (text, host, port) => {
  expect(parseBind(text)).toEqual({ host, port });
});

test.each(["", "localhost", "host:", "host:x", "1:2:3", "::1:80", "h:65536", "h:-1", "http://h:80"])(
  "refuses %s",
  (text) => {
    expect(() => parseBind(text)).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
  },
);

test("only loopback may do without authentication", () => {
  for (const host of ["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]", "LOCALHOST"]) {
    expect(isLoopback(host)).toBe(true);
    expect(() => assertSafeBind(host, false)).not.toThrow();
  }
  for (const host of [
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "example.com",
    "127.example.com",
    "127.0.0.1.evil.example",
  ]) {
    expect(isLoopback(host)).toBe(false);
    expect(() => assertSafeBind(host, false)).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
    expect(() => assertSafeBind(host, true)).not.toThrow();
  }
});

test("writes an IPv6 host in brackets", () => {
  expect(hostForUrl("::1")).toBe("[::1]");
  expect(hostForUrl("127.0.0.1")).toBe("127.0.0.1");
});
