import { expect, test } from "vitest";
import { messageOf, noAnswerError, rejectedError, upstreamError } from "./upstream-error.ts";

const answer = (status: number, body: unknown = "", more = {}) => ({
  status,
  body: typeof body === "string" ? body : JSON.stringify(body),
  ...more,
});

test("a 403 names the permission the token lacks, and otherwise the likeliest cause: no Administrator in the room", () => {
  const all = ["read:cleanroompartners"];
  expect(upstreamError("getAllCleanroomPartners", answer(403), [])).toMatchObject({
    code: "PERMISSION_DENIED",
    message: expect.stringContaining("the token lacks read:cleanroompartners"),
    hint: expect.stringContaining("API key with read:cleanroompartners"),
    details: { reason: "PERMISSION_TOKEN", applied: "no" },
  });
  for (const permissions of [all, undefined])
    expect(upstreamError("getAllCleanroomPartners", answer(403), permissions)).toMatchObject({
      code: "PERMISSION_DENIED",
      hint: expect.stringContaining("Users, New User"),
      details: { reason: "PERMISSION_ROOM" },
    });
});

test.each([
  [401, "AUTH_REQUIRED", "AUTH_REJECTED", "no"],
  [404, "NOT_FOUND", "UPSTREAM_NOT_FOUND", "no"],
  [409, "CONFLICT", "UPSTREAM_CONFLICT", "no"],
  [412, "CONFLICT", "NOT_READY", "no"],
  [429, "RATE_LIMITED", "UPSTREAM_RATE_LIMIT", "no"],
  [500, "UPSTREAM_ERROR", "UPSTREAM_UNAVAILABLE", "unknown"],
  [418, "UPSTREAM_ERROR", "REJECTED", "no"],
] as const)(
  "HTTP %s is %s, with whether it may have been applied and whose request it was",
  (status, code, reason, applied) => {
    const error = upstreamError(
      "createCleanroom",
      answer(status, "", { requestId: "r-1", retryAfterMs: 7 }),
      undefined,
    );
    expect(error).toMatchObject({
      code,
      retryAfterMs: 7,
      details: {
        reason,
        applied,
        http_status: status,
        upstream_request_id: "r-1",
        operation: "createCleanroom",
      },
    });
    expect(error.hint).not.toBe("");
  },
);

test("all three forms of the platform's errors are understood; what they say is one clean line without secrets", () => {
  expect(messageOf('{"timestamp":"x","status":404,"error":"Not Found"}')).toBe("Not Found");
  expect(messageOf('{"status":"FORBIDDEN","code":403,"message":"Access is denied"}')).toBe(
    "Access is denied",
  );
  expect(messageOf('{"code":"500","message":"Internal error"}')).toBe("Internal error");
  expect(messageOf('{"status":"BAD_REQUEST"}')).toBe("BAD_REQUEST");
  expect(messageOf("{}")).toBe("");
  expect(messageOf("7")).toBe("7");
  expect(messageOf("404 page not found")).toBe("404 page not found");
  expect(messageOf('{"message":"a\\u001b[31m\\u202eb\\nc"}')).toBe("a [31m b c");
  expect(messageOf('{"message":"Bearer abcdefghijkl is old"}')).toBe("Bearer [secret] is old");
  expect(messageOf(`{"message":"${"x".repeat(900)}"}`)).toHaveLength(300);
});

test("a 200 that says it did not is a refusal; no answer to a write asks to read first", () => {
  expect(rejectedError("createQuestion", { success: false, errorMessage: "No title" }, "r-2")).toMatchObject({
    code: "UPSTREAM_ERROR",
    message: expect.stringContaining('It said: "No title"'),
    details: { reason: "REJECTED", applied: "no", upstream_request_id: "r-2" },
  });
  expect(rejectedError("createQuestion", { success: false }).message).not.toContain("It said");
  expect(noAnswerError("createCleanroom", undefined, "unknown").hint).toContain("read the thing");
  expect(noAnswerError("createCleanroom", undefined, "no").hint).toContain("Try again");
  expect(noAnswerError("getHealth", undefined, "unknown", "MALFORMED")).toMatchObject({
    code: "UPSTREAM_ERROR",
    details: { reason: "MALFORMED" },
  });
});
