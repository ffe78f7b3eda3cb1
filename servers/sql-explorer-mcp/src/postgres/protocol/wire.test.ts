import { expect, test } from "vitest";
import {
  bindMessage,
  describePortalMessage,
  describeStatementMessage,
  executeMessage,
  parseMessage,
  syncMessage,
} from "./wire.ts";

test("every message carries its own length", () => {
  const messages = [
    parseMessage("SELECT 'ü'"),
    bindMessage(["a", null, "ü"]),
    describePortalMessage(),
    describeStatementMessage(),
    executeMessage(501),
    syncMessage(),
  ];
  for (const bytes of messages) expect(bytes.readInt32BE(1)).toBe(bytes.length - 1);
  expect(messages.map((bytes) => String.fromCharCode(bytes[0] ?? 0)).join("")).toBe("PBDDES");
});

test("a parameter's length is in bytes and null has none", () => {
  const bytes = bindMessage(["ü", null]);
  const values = bytes.subarray(1 + 4 + 1 + 1 + 2);
  expect(values.readInt16BE(0)).toBe(2);
  expect(values.readInt32BE(2)).toBe(2);
  expect(values.subarray(6, 8).toString()).toBe("ü");
  expect(values.readInt32BE(8)).toBe(-1);
});

test("a text with a NUL never reaches the server, which would see only its beginning", () => {
  expect(() => parseMessage("SELECT 1\0; DROP TABLE t")).toThrow(RangeError);
});
