import { clipName } from "../names.ts";
import { reject } from "../reject.ts";
import type { Rejected } from "../verdict.ts";
import { type AstNode, type AstValue, foldName, isNode, listField, nodeField, textField } from "./ast.ts";
import type { DuckdbCatalog } from "./catalog.ts";
import { collationNames, typeNames } from "./engine-names.ts";

const typeIds: ReadonlySet<string> = new Set([
  ...["NULL", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"],
  ...["UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "BIGNUM", "INTEGER_LITERAL"],
  ...["FLOAT", "DOUBLE", "DECIMAL", "VARCHAR", "CHAR", "STRING_LITERAL", "BLOB", "BIT", "UUID", "ENUM"],
  ...["DATE", "TIME", "TIME WITH TIME ZONE", "TIME_NS", "INTERVAL", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"],
  ...["TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "STRUCT", "LIST", "MAP", "ARRAY", "UNION", "VARIANT"],
  ...["GEOMETRY", "UNBOUND"],
]);

const aliases: ReadonlySet<string> = new Set(["JSON", "GEOMETRY", ""]);
const ownSchemas: ReadonlySet<string> = new Set(["", "main", "pg_catalog"]);

/** Walks a type; only built-in types and those created in the file may be named. */
export function judgeType(type: AstValue, catalog: DuckdbCatalog): Rejected | undefined {
  const open: AstValue[] = [type];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isNode(next)) return refused("unknown");
    const id = textField(next, "id");
    if (!typeIds.has(id)) return refused(id);
    const info = nodeField(next, "type_info");
    if (info === undefined) continue;
    const problem = judgeInfo(info, catalog, open);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function judgeInfo(info: AstNode, catalog: DuckdbCatalog, open: AstValue[]): Rejected | undefined {
  switch (textField(info, "type")) {
    case "DECIMAL_TYPE_INFO":
    case "STRING_TYPE_INFO":
    case "INTEGER_LITERAL_TYPE_INFO":
    case "ENUM_TYPE_INFO":
      return undefined;
    case "LIST_TYPE_INFO":
    case "ARRAY_TYPE_INFO":
      open.push(info.child_type);
      return undefined;
    case "STRUCT_TYPE_INFO":
      for (const child of listField(info, "child_types")) {
        open.push(isNode(child) ? child.second : undefined);
      }
      return undefined;
    case "GENERIC_TYPE_INFO":
      return aliases.has(textField(info, "alias")) ? undefined : refused(textField(info, "alias"));
    case "UNBOUND_TYPE_INFO": {
      const name = foldName(textField(info, "name"));
      const schema = foldName(textField(info, "schema"));
      const qualifier = foldName(textField(info, "catalog"));
      const ownQualifier = qualifier === "" || qualifier === foldName(catalog.database);
      if (ownQualifier && ownSchemas.has(schema) && typeNames.has(name)) return undefined;
      if (ownQualifier && (schema === "" || catalog.hasSchema(schema)) && catalog.hasType(name))
        return undefined;
      return refused(name);
    }
    default:
      return refused(textField(info, "type"));
  }
}

function refused(name: string): Rejected {
  return reject(
    "forbidden_statement",
    `The type ${clipName(name)} is not a built-in type.`,
    "Cast to a built-in type such as INTEGER, DECIMAL(18,3), VARCHAR, DATE, TIMESTAMP or JSON.",
  );
}

/** Collations combine with dots. */
export function judgeCollation(collation: string): Rejected | undefined {
  const unknown = collation.split(".").find((part) => !collationNames.has(foldName(part)));
  if (unknown === undefined) return undefined;
  return reject(
    "forbidden_statement",
    `The collation ${clipName(unknown)} is not a built-in collation.`,
    "Use NOCASE, NOACCENT, NFC, BINARY, a language code, or several joined with dots.",
  );
}
