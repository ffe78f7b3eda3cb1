export type { ChainPosition, ChainRecord, HeadBody, Linked, RecordType } from "./audit/chain.ts";
export { linkHead, linkRecord, newChain } from "./audit/chain.ts";
export type { AuditEvent } from "./audit/event.ts";
export type { FileSinkOptions } from "./audit/file.ts";
export { openFileSink } from "./audit/file.ts";
export type { SignedHead } from "./audit/head-file.ts";
export type { AuditRecorderOptions } from "./audit/record.ts";
export { createAuditRecorder } from "./audit/record.ts";
export type { AuditRecorder } from "./audit/recorder.ts";
export type { AuditSink } from "./audit/sink.ts";
export type { StderrSinkOptions } from "./audit/stderr.ts";
export { createStderrSink } from "./audit/stderr.ts";
export type { AuditProblem, AuditReport, VerifyOptions } from "./audit/verify.ts";
export { verifyAuditTrail } from "./audit/verify.ts";
export type { ApiKeyEntry, ApiKeys } from "./auth/api-keys.ts";
export { createApiKeys } from "./auth/api-keys.ts";
export type { Authenticator, AuthMethods } from "./auth/authenticate.ts";
export { createAuthenticator } from "./auth/authenticate.ts";
export type { JwtOptions, JwtVerifier } from "./auth/jwt.ts";
export { createJwtVerifier } from "./auth/jwt.ts";
export type { MintedKey } from "./auth/key-hash.ts";
export { hashChosenKey, mintApiKey } from "./auth/key-hash.ts";
export type { AuthSettings, ConfiguredAuth } from "./auth/open.ts";
export { openAuth } from "./auth/open.ts";
export type { Principal } from "./auth/principal.ts";
export { localPrincipal } from "./auth/principal.ts";
export type { ProxyCheck, ProxySettings } from "./auth/proxy-check.ts";
export { createProxyCheck } from "./auth/proxy-check.ts";
export { missingScopes } from "./auth/scopes.ts";
export type { Caller, CallRequest } from "./call/caller.ts";
export type { CallerOptions } from "./call/run-call.ts";
export { createCaller } from "./call/run-call.ts";
export type { Reader, ReaderOptions, ReadRequest } from "./call/run-read.ts";
export { createReader } from "./call/run-read.ts";
export type { FlagValues, ParsedCommandLine } from "./config/cli-flags.ts";
export { defineCommandLine, parseCommandLine } from "./config/cli-flags.ts";
export type { CommandLine, Flag, FlagTable } from "./config/command-line.ts";
export type { ConfigProblem } from "./config/config-error.ts";
export { configError } from "./config/config-error.ts";
export { hasPassword, refuseArgvPassword } from "./config/dsn.ts";
export type { EnvField } from "./config/env-fields.ts";
export { readEnvFields } from "./config/env-fields.ts";
export { configJsonSchema } from "./config/json-schema.ts";
export type { FlagSetting, LoadConfigOptions } from "./config/load-config.ts";
export { loadConfig } from "./config/load-config.ts";
export { Secret, secretField } from "./config/secret.ts";
export type { ConfigWatch, ConfigWatchOptions } from "./config/watch.ts";
export { watchConfig } from "./config/watch.ts";
export type { Page, Success } from "./envelope/envelope.ts";
export type { PageOptions } from "./envelope/page.ts";
export { defaultBudget, page } from "./envelope/page.ts";
export { fenceUntrusted, untrusted } from "./envelope/untrusted.ts";
export type { ErrorCode, Retry } from "./error/codes.ts";
export { errorCodes } from "./error/codes.ts";
export type { Failure } from "./error/to-failure.ts";
export { asToolError } from "./error/to-failure.ts";
export type { ToolErrorOptions } from "./error/tool-error.ts";
export { isToolError, ToolError } from "./error/tool-error.ts";
export { canonicalJson } from "./json/canonical-json.ts";
export type { Logger, LoggerOptions, LogLevel } from "./log/logger.ts";
export { createLogger, logLevels } from "./log/logger.ts";
export { isSecretName, redactText, redactValue, secretMark } from "./log/redact.ts";
export type { PromptArgument, PromptDefinition, PromptMessage } from "./prompt/define-prompt.ts";
export { definePrompt } from "./prompt/define-prompt.ts";
export type { AdmissionOptions, Quota, RateGate } from "./rate/admission.ts";
export { createAdmissionGate } from "./rate/admission.ts";
export type { SlotLimits } from "./rate/concurrency.ts";
export type { Counter, WindowUse } from "./rate/counter.ts";
export type { Admission, AdmissionGate } from "./rate/gate.ts";
export type { RedisCounter, RedisCounterOptions } from "./rate/redis-counter.ts";
export { openRedisCounter } from "./rate/redis-counter.ts";
export type { WindowLimits, WindowName } from "./rate/windows.ts";
export { defaultHttpLimits, windowNames } from "./rate/windows.ts";
export type {
  Completer,
  ListedResource,
  ReadContext,
  ResourceContent,
  ResourceDefinition,
} from "./resource/define-resource.ts";
export { defineResource } from "./resource/define-resource.ts";
export type { ColumnJudgement, ColumnRules, CompiledPolicy, TableJudgement } from "./sql/compiled-policy.ts";
export { compilePolicy, throughGenerated } from "./sql/compiled-policy.ts";
export { matchesGlob, tableTest } from "./sql/patterns.ts";
export type { ColumnRule, GateCatalog, GateRelation, RelationKind, SqlPolicy } from "./sql/policy.ts";
export { rejectionError } from "./sql/reject.ts";
export { capRows } from "./sql/row-cap.ts";
export type { Accepted, Rejected, RowLimit, TableAccess, Verdict, VerdictReason } from "./sql/verdict.ts";
export { verdictReasons } from "./sql/verdict.ts";
export type { ConfirmationBinding, Confirmations, IssuedConfirmation } from "./token/confirmation.ts";
export { createConfirmations } from "./token/confirmation.ts";
export type { CursorBinding, Cursors } from "./token/cursor.ts";
export { createCursors } from "./token/cursor.ts";
export { digest, shortDigest } from "./token/digest.ts";
export type { SetIfAbsent } from "./token/redis-used-handles.ts";
export { redisUsedHandles } from "./token/redis-used-handles.ts";
export type { TokenSigner, TokenSignerOptions } from "./token/signed-token.ts";
export { createTokenSigner } from "./token/signed-token.ts";
export type { UsedHandles } from "./token/used-handles.ts";
export { memoryUsedHandles } from "./token/used-handles.ts";
export type { Catalogue, Exposure } from "./tool/catalogue.ts";
export { exposedTools } from "./tool/catalogue.ts";
export type {
  Annotations,
  AnyTool,
  Outcome,
  Progress,
  ToolContext,
  ToolDefinition,
} from "./tool/define-tool.ts";
export { defineTool } from "./tool/define-tool.ts";
