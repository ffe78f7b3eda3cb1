/** What a caller calls a node kind that is not permitted. */
export function statementName(kind: string): string {
  return (
    known[kind] ??
    `${kind
      .replace(/Stmt$/, "")
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .toUpperCase()}`
  );
}

export function statementHint(kind: string): string {
  if (kind === "ExplainStmt") return "Send the query itself to the explain tool.";
  if (kind === "VariableShowStmt") return "Settings are not readable here; send one SELECT.";
  return "Send one SELECT (WITH … SELECT, VALUES and TABLE work too). Data cannot be changed from here.";
}

/** Words for what a clause or expression is called, by node kind. */
export function constructName(kind: string): string {
  return constructs[kind] ?? statementName(kind);
}

const known: Readonly<Record<string, string>> = {
  InsertStmt: "INSERT",
  UpdateStmt: "UPDATE",
  DeleteStmt: "DELETE",
  MergeStmt: "MERGE",
  CopyStmt: "COPY",
  TransactionStmt: "transaction control",
  VariableSetStmt: "SET or RESET",
  VariableShowStmt: "SHOW",
  ExplainStmt: "EXPLAIN",
  DoStmt: "DO",
  CreateTableAsStmt: "CREATE TABLE AS",
  CreateStmt: "CREATE TABLE",
  IndexStmt: "CREATE INDEX",
  ViewStmt: "CREATE VIEW",
  DropStmt: "DROP",
  DeclareCursorStmt: "DECLARE CURSOR",
  FetchStmt: "FETCH or MOVE",
  CheckPointStmt: "CHECKPOINT",
  VacuumStmt: "VACUUM or ANALYZE",
  LockStmt: "LOCK TABLE",
  GrantStmt: "GRANT or REVOKE",
  GrantRoleStmt: "GRANT or REVOKE of a role",
  RefreshMatViewStmt: "REFRESH MATERIALIZED VIEW",
  CreateFunctionStmt: "CREATE FUNCTION",
  AlterSystemStmt: "ALTER SYSTEM",
};

const constructs: Readonly<Record<string, string>> = {
  RangeTableFunc: "XMLTABLE",
  JsonTable: "JSON_TABLE",
  XmlExpr: "an XML expression",
  XmlSerialize: "XMLSERIALIZE",
  IntoClause: "SELECT … INTO",
  LockingClause: "FOR UPDATE or FOR SHARE",
  SetToDefault: "DEFAULT",
  CurrentOfExpr: "WHERE CURRENT OF",
};
