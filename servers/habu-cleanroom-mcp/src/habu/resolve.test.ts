import fc from "fast-check";
import { expect, test } from "vitest";
import { resolve, resolveFresh } from "./resolve.ts";

const known = [
  { id: "1", displayId: "CR-1", name: "Alpha" },
  { id: "2", displayId: "CR-2", name: "alpha" },
  { id: "3", displayId: "CR-3", name: "CR-1" },
];

test("an id wins over a display id, that over a name, an exact name over the same letters", () => {
  expect(resolve("room", "1", known).id).toBe("1");
  expect(resolve("room", "cr-1", known).id).toBe("1");
  expect(resolve("room", "alpha", known).id).toBe("2");
  expect(() => resolve("room", "ALPHA", known)).toThrow(expect.objectContaining({ code: "AMBIGUOUS" }));
  expect(() => resolve("room", "Alpa", known)).toThrow(
    expect.objectContaining({
      code: "NOT_FOUND",
      details: expect.objectContaining({ near: expect.arrayContaining(["Alpha"]) }),
    }),
  );
  expect(() => resolve("room", "x", [])).toThrow("There is no room");
});

test("every thing is found by its own id, and any text gives a thing or a clean refusal", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (typed) => {
      try {
        expect(known).toContain(resolve("room", typed, known));
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(NOT_FOUND|AMBIGUOUS)$/) });
        expect((error as Error).message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }
    }),
  );
});

test("a name the cached list lacks is looked for in a new one", async () => {
  const asked: boolean[] = [];
  const found = await resolveFresh("room", "Beta", async (fresh) => {
    asked.push(fresh);
    return fresh ? [...known, { id: "4", name: "Beta" }] : known;
  });
  expect([found.id, asked]).toEqual(["4", [false, true]]);
});
