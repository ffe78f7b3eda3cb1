import type { IncomingHttpHeaders } from "node:http";
import { permissionFor } from "../src/client/permission.ts";
import type { VirtualClock } from "../src/clock/clock.ts";
import { checkValue } from "../src/contract/check-value.ts";
import { matchOperation } from "../src/contract/match.ts";
import { type OperationId, operationOf } from "../src/contract/operations.ts";
import type { FaultKind, Faults } from "./faults.ts";
import { refusalStatus } from "./handlers/handler.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import type { Limits } from "./limits.ts";
import { handlers, notEmulated } from "./operations.ts";
import type { IssuedTokens } from "./tokens.ts";
import type { World } from "./world.ts";

export interface State {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly tokens: IssuedTokens;
  readonly limits: Limits;
  answerInvitation(email: string, status: string, organisationName?: string): void;
}

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fault?: FaultKind | undefined;
}

const strict = { strict: true, words: true, required: true };
/** Declared with their JSON in the query; both ways are taken. */
const jsonInQuery: Partial<Record<OperationId, string>> = {
  configureCleanRoomQuestionPermissions: "cleanroomQuestionPermissions",
  assignCleanroomQuestionDatasetsOwnership: "AssignCleanroomQuestionDatasetRequests",
};

export function answerRequest(state: State, asked: Asked): Answered {
  const { method, url } = asked;
  const entry = state.journal.add({
    at: state.clock.now(),
    method,
    path: url.pathname,
    query: url.search,
    operation: undefined,
    status: 0,
  });
  const answer = decide(state, asked, entry);
  entry.status = answer.status;
  if (answer.fault !== undefined) entry.fault = answer.fault;
  return answer;
}

function decide(state: State, asked: Asked, entry: JournalEntry): Answered {
  const { method, url } = asked;
  if (!url.pathname.startsWith("/v1/")) return { status: 404, body: "404 page not found" };
  const path = url.pathname.slice("/v1".length);
  if (path === "/oauth/token") return grantToken(state, asked, entry);
  const match = matchOperation(method, path);
  if (match.kind === "unknown") {
    entry.violation = "undeclared path";
    return {
      status: 404,
      body: { timestamp: iso(state), status: 404, error: "Not Found", path: url.pathname },
    };
  }
  if (match.kind === "wrong_method") {
    entry.violation = "undeclared method";
    return {
      ...rich(state, 405, "METHOD_NOT_ALLOWED", `Request method '${method}' is not supported.`, url),
      headers: { allow: match.allowed.join(",") },
    };
  }
  Object.assign(entry, { operation: match.id });
  const permissions = match.id === "getHealth" ? [] : state.tokens.open(bearer(asked), state.clock.now());
  if (permissions === undefined) {
    return rich(state, 401, "UNAUTHORIZED", "Full authentication is required to access this resource", url);
  }
  const needed = permissionFor(match.id);
  if (match.id !== "getHealth" && needed !== undefined && !permissions.includes(needed)) {
    return rich(
      state,
      403,
      "FORBIDDEN",
      "Access is denied: the token has no permission for this operation.",
      url,
    );
  }
  const fault = state.faults.draw(match.id);
  if (fault === "429") return limited(state, url);
  if (fault === "500" || fault === "503") return { ...failed(fault), fault };
  if (fault === "reset" || fault === "silence") return { status: 0, fault };
  if (fault === "unsuccessful")
    return { status: 200, body: { success: false, message: "The request was not processed." }, fault };
  return {
    ...apply(state, asked, entry, match.id, match.path),
    ...(fault === undefined ? {} : after(fault)),
  };
}

/** What replaces the reply of a request that was applied. */
function after(fault: FaultKind): Partial<Answered> {
  return fault === "500_after" ? { ...failed("500"), fault } : { fault };
}

function apply(
  state: State,
  asked: Asked,
  entry: JournalEntry,
  id: OperationId,
  path: Readonly<Record<string, string>>,
): Answered {
  const { url } = asked;
  const now = state.clock.now();
  const query = Object.fromEntries(url.searchParams);
  const operation = operationOf(id);
  const body = bodyFor(id, asked, query);
  const wrong = problems(operation, query, body);
  if (wrong.length > 0) {
    entry.violation = `outside the contract: ${wrong.join("; ")}`;
    return { status: 400, body: { code: "400", message: wrong.join("; ") } };
  }
  if (jsonInQuery[id] !== undefined && state.world.switches.permissionsInQuery && asked.body !== "") {
    return rich(state, 400, "BAD_REQUEST", "Required request parameter is not present", url);
  }
  const often = state.limits.tooOften(id, path, now);
  if (often !== undefined) entry.violation = often;
  const handler = handlers[id];
  if (handler === undefined)
    return { status: 501, body: { code: "501", message: notEmulated[id] ?? "not emulated" } };
  if (!state.limits.takeRun(id, now)) {
    entry.violation = "more than 20 runs an hour";
    return limited(state, url);
  }
  try {
    const reply = handler({ world: state.world, now, path, query, body });
    const empty = state.world.switches.emptyListBody && Array.isArray(reply) && reply.length === 0;
    return { status: 200, body: empty ? "" : typeof reply === "number" ? String(reply) : reply };
  } catch (error) {
    const status = refusalStatus(error);
    if (status === undefined) throw error;
    return rich(state, status, words[status] ?? "ERROR", (error as Error).message, url);
  }
}

function grantToken(state: State, { method, headers, body, url }: Asked, entry: JournalEntry): Answered {
  Object.assign(entry, { operation: "oauth/token" });
  if (method !== "POST")
    return {
      ...rich(state, 405, "METHOD_NOT_ALLOWED", `Request method '${method}' is not supported.`, url),
      headers: { allow: "POST" },
    };
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded"))
    return rich(state, 415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type is not supported.", url);
  if (headers.authorization === undefined) {
    return rich(
      state,
      400,
      "BAD_REQUEST",
      "Required request header 'Authorization' for method parameter type String is not present",
      url,
    );
  }
  const expected = `Basic ${Buffer.from(`${state.clientId}:${state.clientSecret}`).toString("base64")}`;
  if (
    headers.authorization !== expected ||
    new URLSearchParams(body).get("grant_type") !== "client_credentials"
  ) {
    return rich(state, 401, "UNAUTHORIZED", "Client authentication failed.", url);
  }
  const fault = state.faults.draw("oauth/token");
  if (fault === "500" || fault === "503") return { ...failed(fault), fault };
  if (fault === "reset") return { status: 0, fault };
  const granted = state.tokens.grant(state.clock.now());
  if (granted === undefined) {
    entry.violation = "more than 2 tokens in 24 hours";
    return limited(state, url);
  }
  return { status: 200, body: granted, ...(fault === undefined ? {} : after(fault)) };
}

function bodyFor(id: OperationId, { body }: Asked, query: Record<string, string>): unknown {
  const inQuery = jsonInQuery[id];
  const text = body !== "" ? body : inQuery === undefined ? "" : (query[inQuery] ?? "");
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problems(
  operation: ReturnType<typeof operationOf>,
  query: Record<string, string>,
  body: unknown,
): string[] {
  const type = operation.body?.replace("?", "");
  const needsBody = type !== undefined && body === undefined ? ["body is missing"] : [];
  const unknown = Object.keys(query).filter((name) => !Object.hasOwn(operation.query ?? {}, name));
  const missing = Object.entries(operation.query ?? {}).filter(
    ([name, kind]) => kind.endsWith("!") && query[name] === undefined,
  );
  return [
    ...needsBody,
    ...unknown.map((name) => `query.${name} is not declared`),
    ...missing.map(([name]) => `query.${name} is missing`),
    ...(type === undefined || body === undefined ? [] : checkValue(type, body, strict)),
  ];
}

const words: Record<number, string> = {
  400: "BAD_REQUEST",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  412: "PRECONDITION_FAILED",
};

function rich(state: State, status: number, word: string, message: string, url: URL): Answered {
  const at = iso(state);
  const timestamp = `${at.slice(8, 10)}-${at.slice(5, 7)}-${at.slice(0, 4)} ${at.slice(11, 19)}`;
  return { status, body: { status: word, code: status, timestamp, message, details: `uri=${url.pathname}` } };
}

function limited(state: State, url: URL): Answered {
  const answer = rich(state, 429, "TOO_MANY_REQUESTS", "Too many requests", url);
  return state.world.switches.retryAfter ? { ...answer, headers: { "retry-after": "1" } } : answer;
}

const failed = (fault: string): Answered => ({
  status: fault === "503" ? 503 : 500,
  body: { code: fault.slice(0, 3), message: "Internal error" },
});

const bearer = ({ headers }: Asked): string => headers.authorization?.replace(/^Bearer /, "") ?? "";
const iso = (state: State): string => new Date(state.clock.now()).toISOString();
