import type { SelectStmt } from "libpg-query";
import type { RowLimit } from "../verdict.ts";
import type { ParsedStatement } from "./parser.ts";

export function rowLimit(select: SelectStmt): RowLimit {
  const { limitCount, limitOffset, limitOption } = select;
  const hasOffset = limitOffset !== undefined;
  if (limitCount === undefined) return { kind: "none", hasOffset };
  const literal = "A_Const" in limitCount ? limitCount.A_Const.ival : undefined;
  if (literal === undefined || limitOption === "LIMIT_OPTION_WITH_TIES") return { kind: "other", hasOffset };
  return { kind: "literal", count: literal.ival ?? 0, hasOffset };
}

/** The statement alone: without what stands before it, its semicolon, and what follows. */
export function statementText(sql: string, { offset, length }: ParsedStatement): string {
  if (offset === 0 && length === 0) return sql.trim();
  const bytes = Buffer.from(sql, "utf8");
  return bytes
    .subarray(offset, length === 0 ? bytes.length : offset + length)
    .toString("utf8")
    .trim();
}
