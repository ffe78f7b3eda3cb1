import { expect, test } from "vitest";
import { engineFailure } from "./engine-failure.ts";

const path = "/data/warehouse/sales.csv";

const cases: [string, string][] = [
  ["Out of Memory Error: failed to allocate", "RESULT_TOO_LARGE"],
  ["INTERRUPT Error: Interrupted!", "CANCELLED"],
  [`Permission Error: Cannot access file "${path}"`, "PERMISSION_DENIED"],
  [`IO Error: Cannot open file "${path}": No such file`, "CONNECTION_ERROR"],
  ["INTERNAL Error: Attempted to access index 1 within vector of size 1", "CONNECTION_ERROR"],
  ["FATAL Error: Failed: database has been invalidated", "CONNECTION_ERROR"],
  ['Binder Error: Referenced column "x" not found\nLINE 1: SELECT x', "QUERY_ERROR"],
  ["Failed to prepare statement: Conversion Error: Could not convert string 'x' to INT32", "QUERY_ERROR"],
  ["Invalid Input Error: Contents of view were altered: names don't match", "CONFLICT"],
  ["Cannot create a string longer than 0x1fffffe8 characters", "RESULT_TOO_LARGE"],
  ["something new", "QUERY_ERROR"],
];

for (const [message, code] of cases) {
  test(`${message.slice(0, 40)} → ${code}`, () => {
    const failure = engineFailure(new Error(message), [path]);
    expect(failure.code).toBe(code);
    expect(JSON.stringify(failure)).not.toMatch(/\/data|LINE 1/);
  });
}

test("a file is named without where it is", () => {
  const failure = engineFailure(
    new Error(`Invalid Input Error: CSV Error on Line: 3 in ${path}, see /var/lib/x/y`),
    [path],
  );
  expect(failure.message).toContain("sales.csv");
  expect(failure.message).not.toMatch(/\/data|\/var/);
});
