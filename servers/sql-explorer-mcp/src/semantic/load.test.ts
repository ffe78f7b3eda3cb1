import { isToolError } from "@mcp-data/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { modelFailure, shopModel, shopModelPath, shopSnapshot } from "../../test/support/models.ts";
import { parseText, readDocument } from "../document/read-document.ts";
import { bindSemantic } from "./bind.ts";
import { semanticDrift } from "./drift.ts";
import { loadSemantic, parseSemantic } from "./load.ts";
import { summarise } from "./summarise.ts";

test("something else is refused with what to write", () => {
  for (const yaml of ["", "[]", "hunter2", "cubes: []"])
    expect(modelFailure(yaml)).toBe("x: it is no semantic model.");
});

test("a missing file names itself", async () => {
  await expect(loadSemantic("/nowhere/m.yaml")).rejects.toMatchObject({
    code: "CONFIG_ERROR",
    message: "semantic model file m.yaml: does not exist.",
  });
});

test("mutations of a good document are models that work or CONFIG_ERRORs", async () => {
  const { value } = await readDocument(shopModelPath, "x");
  const text = JSON.stringify(value);
  const paths = pathsOf(value);
  const junk = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      "",
      "orders",
      "a.b",
      "x'",
      "orders.",
      {},
      [],
      [[]],
      0,
      true,
      "SELECT 1",
      "customers.id",
    ),
    fc.string(),
    fc.constantFrom("revenue", "revenue_per_buyer"),
  );
  let good = 0;
  let bad = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 3 }),
      (edits) => {
        const copy: unknown = JSON.parse(text);
        for (const [path, replacement] of edits) put(copy, path, replacement);
        try {
          const model = bindSemantic(parseSemantic(copy, "x"), shopSnapshot, ["app"]);
          semanticDrift(model, shopSnapshot);
          JSON.stringify(summarise(model, () => true));
          good++;
        } catch (error) {
          expect(isToolError(error) && error.code).toBe("CONFIG_ERROR");
          bad++;
        }
      },
    ),
    { numRuns: 1_500, seed: 11 },
  );
  expect(Math.min(good, bad)).toBeGreaterThan(100);
});

test("random values under the known keys never crash", () => {
  const keys = fc.constantFrom(
    "semantic_model",
    "entities",
    "datasets",
    "name",
    "source",
    "fields",
    "expression",
    "metrics",
    "relationships",
    "custom_extensions",
    "columns",
    "table",
    "__proto__",
    "constructor",
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: "medium" },
      fc.string(),
      fc.constant(null),
      fc.integer(),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(keys, tie("node"), { maxKeys: 5 }),
    ),
  })).node;
  fc.assert(
    fc.property(
      fc.oneof(
        value,
        fc.record({ entities: fc.dictionary(keys, value) }),
        fc.record({ name: fc.string(), datasets: fc.array(value) }),
      ),
      (document) => {
        try {
          parseSemantic(document, "x");
        } catch (error) {
          expect(isToolError(error) && error.code).toBe("CONFIG_ERROR");
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test("the example loads the same from YAML and JSON", async () => {
  const { value } = await readDocument(shopModelPath, "x");
  const again = parseSemantic(parseText(JSON.stringify(value), "json", "x"), "x");
  expect(again).toEqual(await shopModel());
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [
    ...(path.length > 0 ? [path] : []),
    ...entries.flatMap(([key, child]) => pathsOf(child, [...path, key])),
  ];
}

function put(root: unknown, path: Path, replacement: unknown): void {
  let at = root as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) {
    const next = at[key];
    // An earlier edit may have cut this branch.
    if (typeof next !== "object" || next === null) return;
    at = next as Record<string | number, unknown>;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = replacement;
}
