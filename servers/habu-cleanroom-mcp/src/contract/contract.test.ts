import fc from "fast-check";
import { expect, test } from "vitest";
import { checkValue } from "./check-value.ts";
import { matchOperation } from "./match.ts";
import { isRead, operationIds, operationOf } from "./operations.ts";
import { assertDeclared, prepareRequest } from "./prepare.ts";
import { shapeOf } from "./shapes.ts";

const strict = { strict: true, words: true, required: true };

test("every type a declared operation or shape names exists", () => {
  const bare = (type: string) =>
    type
      .replace(/[?!]$/, "")
      .replace(/\[\]$/, "")
      .replace(/^map<(.*)>$/, "$1");
  const scalars = new Set(["string", "integer", "number", "boolean", "any"]);
  const seen = new Set<string>();
  const visit = (type: string): void => {
    const name = bare(type);
    if (scalars.has(name) || seen.has(name)) return;
    seen.add(name);
    const shape = shapeOf(name);
    expect(shape, name).toBeDefined();
    if (typeof shape === "string") visit(shape);
    else if (!Array.isArray(shape)) for (const field of Object.values(shape ?? {})) visit(field as string);
  };
  for (const id of operationIds) {
    const { body, reply, query = {} } = operationOf(id);
    for (const type of [reply, ...(body === undefined ? [] : [body]), ...Object.values(query)]) visit(type);
  }
  expect(operationIds.length).toBe(147);
  expect(seen.size).toBeGreaterThan(200);
});

test("a path leads back to its own operation, whatever the ids in it", () => {
  const ids = fc.string({ minLength: 1, maxLength: 40 }).filter((id) => id !== "." && id !== "..");
  fc.assert(
    fc.property(fc.constantFrom(...operationIds), ids, (id, value) => {
      const { method, path } = operationOf(id);
      const variables = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? "");
      const filled = path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(value));
      const match = matchOperation(method, filled);
      // An id that is spelled like a fixed segment belongs to that segment's operation.
      const fixed = operationIds.some((other) => operationOf(other).path.split("/").includes(value));
      if (fixed) return;
      expect(match).toEqual({
        kind: "declared",
        id,
        path: Object.fromEntries(variables.map((name) => [name, value])),
      });
      expect(() => assertDeclared(id, method, filled)).not.toThrow();
    }),
  );
});

test("fixed segments win over variables", () => {
  expect(matchOperation("GET", "/cleanrooms/cleanroom-types")).toMatchObject({ id: "getCleanroomTypes" });
  expect(matchOperation("GET", "/data-connections/import-data-types")).toMatchObject({
    id: "getAllImportDataTypes",
  });
  expect(matchOperation("GET", "/data-sources/data-types/7")).toMatchObject({ id: "getDataTypeById" });
  expect(matchOperation("GET", "/data-sources/7/data-types")).toMatchObject({ id: "getAllDataTypes" });
});

test("an undeclared path, a wrong method and an empty id are told apart", () => {
  expect(matchOperation("GET", "/cleanrooms/1/health")).toEqual({ kind: "unknown" });
  expect(matchOperation("PATCH", "/cleanrooms")).toEqual({ kind: "wrong_method", allowed: ["POST", "GET"] });
  expect(matchOperation("GET", "/cleanrooms/")).toEqual({ kind: "unknown" });
  expect(matchOperation("GET", "/cleanrooms/%zz")).toMatchObject({ path: { cleanroomId: "%zz" } });
});

test("a request is built from its template, ids encoded", () => {
  const request = prepareRequest("getAllCleanroomQuestionRuns", {
    path: { cleanroomQuestionId: "a/b?c" },
    query: { limit: 100, status: "COMPLETED", startDate: undefined },
  });
  expect(request).toMatchObject({
    method: "GET",
    path: "/cleanroom-questions/a%2Fb%3Fc/cleanroom-question-runs",
    query: { limit: "100", status: "COMPLETED" },
  });
  expect(
    prepareRequest("getFlowNodeExportJobRuns", {
      path: { cleanroomId: "1", cleanroomFlowId: "2" },
      query: { nodeIds: ["a", "b"] },
    }).query,
  ).toEqual({ nodeIds: ["a", "b"] });
});

test.each([
  ["a climbing id", "getCleanroomById", { path: { cleanroomId: ".." } }, "path.cleanroomId"],
  ["an empty id", "getCleanroomById", { path: { cleanroomId: "" } }, "path.cleanroomId"],
  ["a missing id", "getCleanroomById", {}, "path.cleanroomId"],
  ["a huge id", "getCleanroomById", { path: { cleanroomId: "x".repeat(301) } }, "path.cleanroomId"],
  ["an undeclared query", "getAllCleanrooms", { query: { status: "x" } }, "query.status is not declared"],
  ["a wrong query type", "getAllCleanrooms", { query: { limit: "x" } }, "query.limit must be a whole number"],
  ["a missing query", "addCleanroomQuestion", { path: { cleanroomId: "1" } }, "query.questionId is missing"],
  ["a body nobody declared", "getAllCleanrooms", { body: {} }, "body is not declared"],
  ["a missing body", "createCleanroom", {}, "body is missing"],
  [
    "a missing field",
    "createCleanroom",
    { body: { name: "x", startAt: "2026-01-01" } },
    "body.type is missing",
  ],
  [
    "an unknown field",
    "createCleanroom",
    { body: { name: "x", startAt: "d", type: "Hybrid", organizationId: "1" } },
    "body.organizationId is not declared",
  ],
  [
    "an unknown word",
    "createCleanroom",
    { body: { name: "x", startAt: "d", type: "Moon" } },
    "body.type must be one of",
  ],
  ["a list for an object", "createCleanroom", { body: [] }, "body must be an object, got a list"],
  [
    "text for a list",
    "mapFieldConfigurations",
    { path: { dataConnectionId: "1" }, body: "x" },
    "body must be a list, got string",
  ],
  [
    "a map with a number",
    "createCleanroomQuestionRun",
    { path: { cleanroomQuestionId: "1" }, body: { name: "x", parameters: { a: 1 } } },
    "body.parameters.a must be a string",
  ],
  [
    "a map that is none",
    "createCleanroomQuestionRun",
    { path: { cleanroomQuestionId: "1" }, body: { name: "x", parameters: [] } },
    "body.parameters must be an object",
  ],
  [
    "a word that is none",
    "createCleanroom",
    { body: { name: "x", startAt: "d", type: 4 } },
    "body.type must be a word",
  ],
] as const)("%s is refused before anything leaves", (_, id, args, said) => {
  expect(() => prepareRequest(id, args)).toThrow(said);
  expect(() => prepareRequest(id, args)).toThrow(
    expect.objectContaining({ code: "VALIDATION_ERROR", details: { reason: "CONTRACT", operation: id } }),
  );
});

test("the two writes whose JSON is declared in the query take it either way", () => {
  const path = { cleanroomQuestionId: "1" };
  const body = [{ permission: "CLONE", access: "QUESTION_OWNER_ONLY" }];
  expect(prepareRequest("configureCleanRoomQuestionPermissions", { path, body }).body).toEqual(body);
  const query = { cleanroomQuestionPermissions: JSON.stringify(body) };
  expect(prepareRequest("configureCleanRoomQuestionPermissions", { path, query })).toMatchObject({
    query,
    body: undefined,
  });
  expect(() =>
    prepareRequest("configureCleanRoomQuestionPermissions", { path, body: [{ permission: "FLY" }] }),
  ).toThrow("must be one of");
});

test("the second guard refuses what is not the operation it claims to be", () => {
  expect(() => assertDeclared("getAllCleanrooms", "get", "/cleanrooms")).not.toThrow();
  for (const [method, path] of [
    ["DELETE", "/cleanrooms"],
    ["GET", "/cleanrooms/1"],
    ["GET", "/nowhere"],
  ] as const) {
    expect(() => assertDeclared("getAllCleanrooms", method, path)).toThrow("is not this operation");
  }
});

test("checking stops at ten problems and passes over null and free values", () => {
  expect(
    checkValue(
      "CleanRooms",
      Array.from({ length: 30 }, () => 3),
      strict,
    ),
  ).toHaveLength(10);
  expect(checkValue("CleanRoom", { id: null, unknown: 1 }, { ...strict, strict: false })).toEqual([]);
  expect(checkValue("any", { free: true }, strict)).toEqual([]);
  expect(checkValue("number", 1.5, strict)).toEqual([]);
  expect(checkValue("boolean", "true", strict)).toHaveLength(1);
  expect(checkValue("CleanRoom", null, strict)).toEqual(["body must be an object, got null"]);
  expect(checkValue("InviteStatus", "NEW_WORD", { ...strict, words: false })).toEqual([]);
  expect(() => checkValue("NoSuchType", 1, strict)).toThrow("names no type");
});

test("only GETs and three listing POSTs count as reads", () => {
  expect(operationIds.filter((id) => isRead(id) && operationOf(id).method !== "GET")).toEqual([
    "listCleanroomFlows",
    "previewFlowRunParameters",
    "getDatasetOrganizations",
  ]);
});
