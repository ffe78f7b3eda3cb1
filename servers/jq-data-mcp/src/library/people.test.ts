import { expect, test } from "vitest";
import { createPeople } from "./people.ts";

test("a person is known by the first credential, in whatever case another one is spelled", () => {
  const people = createPeople([["key:ann", "jwt:Ann@example.com"], ["proxy:bob"]]);
  expect(["key:ann", "jwt:ann@EXAMPLE.com", "proxy:bob", "key:cid"].map(people.idOf)).toEqual([
    "key:ann",
    "key:ann",
    "proxy:bob",
    "key:cid",
  ]);
});

test("a credential of two people is refused by its place", () => {
  expect(() =>
    createPeople([
      ["key:ann", "jwt:x"],
      ["key:bob", "jwt:X"],
    ]),
  ).toThrow(
    expect.objectContaining({ code: "CONFIG_ERROR", message: expect.stringContaining("team.people[1]") }),
  );
});
