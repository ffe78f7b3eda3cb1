import type { Principal } from "@mcp-data/core";
import { expect, test } from "vitest";
import type { Source } from "../source/source.ts";
import { createProjects, type Project, pickSource } from "./project.ts";

const project = (id: string, active: boolean, ...sources: string[]): Project => ({
  id,
  active,
  sources: new Map(sources.map((name) => [name, { id: name } as Source])),
});
const caller = (claims: Record<string, unknown>): Principal => ({
  id: "c",
  scopes: ["*"],
  method: "jwt",
  claims,
});

test("unknown, inactive and missing projects are refused in the same words", () => {
  const projects = createProjects([project("shop", true), project("old", false)], undefined);
  expect(projects.of(caller({ project_id: "shop" })).id).toBe("shop");
  const said = [{ project_id: "old" }, { project_id: "nope" }, {}, { project_id: ["shop"] }].map((claims) => {
    try {
      projects.of(caller(claims));
      return "accepted";
    } catch (error) {
      return JSON.stringify([(error as Error).message, (error as { code: string }).code]);
    }
  });
  expect(new Set(said).size).toBe(1);
  expect(said[0]).toContain("PERMISSION_DENIED");
});

test("a fixed project is everybody's, whatever the claims say", () => {
  const fixed = project("shop", true);
  const projects = createProjects([fixed, project("other", true)], fixed);
  expect(projects.of(caller({ project_id: "other" })).id).toBe("shop");
});

test("the only source needs no name; several need one, and a wrong one lists them", () => {
  expect(pickSource(project("p", true, "a"), undefined).id).toBe("a");
  expect(() => pickSource(project("p", true, "a", "b"), undefined)).toThrow(
    expect.objectContaining({ code: "AMBIGUOUS", details: { candidates: ["a", "b"] } }),
  );
  expect(() => pickSource(project("p", true, "a"), "z")).toThrow(
    expect.objectContaining({ code: "NOT_FOUND" }),
  );
});
