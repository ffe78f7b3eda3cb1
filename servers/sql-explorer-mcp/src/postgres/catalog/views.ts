import type { RawRow } from "../protocol/step.ts";
import { parseArray } from "../values/array-text.ts";
import type { NamedRelation, ViewCall } from "./catalog.ts";
import { relationKind } from "./kinds.ts";
import { given, text } from "./rows.ts";

export function viewRead(row: RawRow): NamedRelation {
  return {
    oid: Number(row[1]),
    schema: text(row, 2),
    name: text(row, 3),
    kind: relationKind(text(row, 4), row[5] === "t"),
  };
}

export function viewCall(row: RawRow): ViewCall {
  const judged = text(row, 3);
  return {
    schema: text(row, 1),
    name: text(row, 2),
    judged: judged === "harmless" || judged === "body" ? judged : "unsafe",
    ...given("body", row[4]),
    argumentNames: row[5] == null ? [] : parseArray(row[5], ",", String).map(String),
  };
}
