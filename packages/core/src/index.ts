export type { Principal } from "./auth/principal.ts";
export { localPrincipal } from "./auth/principal.ts";
export { missingScopes } from "./auth/scopes.ts";
export type { Page, Success } from "./envelope/envelope.ts";
export type { ErrorCode, Retry } from "./error/codes.ts";
export { errorCodes } from "./error/codes.ts";
export type { Failure } from "./error/to-failure.ts";
export type { ToolErrorOptions } from "./error/tool-error.ts";
export { isToolError, ToolError } from "./error/tool-error.ts";
export type { ColumnRule, GateCatalog, GateRelation, RelationKind, SqlPolicy } from "./sql/policy.ts";
export { rejectionError } from "./sql/reject.ts";
export type { Accepted, Rejected, RowLimit, TableAccess, Verdict, VerdictReason } from "./sql/verdict.ts";
export { verdictReasons } from "./sql/verdict.ts";
export type {
  Annotations,
  AnyTool,
  Outcome,
  Progress,
  ToolContext,
  ToolDefinition,
} from "./tool/define-tool.ts";
export { defineTool } from "./tool/define-tool.ts";
