import { redactText, ToolError } from "@mcp-data/core";
import { type OperationId, operationOf } from "../contract/operations.ts";
import { missingPermission } from "./permission.ts";

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Whether a failed write may still have happened. */
export type Applied = "no" | "unknown";

/** The words of a failure, whichever of the platform's three error forms it came in. */
export function messageOf(body: string): string {
  const plain = (text: string) => clean(redactText(text)).slice(0, 300);
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null) return plain(String(value));
    const { message, error, status } = value as Record<string, unknown>;
    const found = [message, error, status].find((part) => typeof part === "string" && part !== "");
    return found === undefined ? "" : plain(found as string);
  } catch {
    return plain(body);
  }
}

/** A refusal or failure of the platform in the server's own codes, with its likely cause. */
export function upstreamError(
  id: OperationId,
  answer: Answer,
  permissions: readonly string[] | undefined,
): ToolError {
  const { status } = answer;
  const said = messageOf(answer.body);
  const quote = said === "" ? "" : ` It said: "${said}"`;
  const details = (reason: string, applied: Applied) => ({
    reason,
    operation: id,
    http_status: status,
    applied,
    ...(answer.requestId === undefined ? {} : { upstream_request_id: answer.requestId }),
  });
  const fail = (...[code, text, hint, reason, applied = "no"]: Failing) =>
    new ToolError(code, `${text}${quote}`, {
      hint,
      details: details(reason, applied),
      ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
    });

  if (status === 401)
    return fail("AUTH_REQUIRED", "The platform refused the access token.", authHint, "AUTH_REJECTED");
  if (status === 403) {
    const missing = missingPermission(id, permissions);
    return missing === undefined
      ? fail("PERMISSION_DENIED", "The platform forbids this.", roomHint, "PERMISSION_ROOM")
      : fail(
          "PERMISSION_DENIED",
          `The platform forbids this; the token lacks ${missing}.`,
          tokenHint(missing),
          "PERMISSION_TOKEN",
        );
  }
  if (status === 404)
    return fail(
      "NOT_FOUND",
      "The platform knows no such thing.",
      "It may have been deleted since it was listed; list again.",
      "UPSTREAM_NOT_FOUND",
    );
  if (status === 409)
    return fail(
      "CONFLICT",
      "The thing exists already.",
      "Read it and decide whether to use it as it is.",
      "UPSTREAM_CONFLICT",
    );
  if (status === 412)
    return fail(
      "CONFLICT",
      "The question is not ready to run.",
      "Assign its datasets first: deploy_analytics_question.",
      "NOT_READY",
    );
  if (status === 429)
    return fail(
      "RATE_LIMITED",
      "The platform's own rate limit is reached.",
      "Wait; others may use the same quota.",
      "UPSTREAM_RATE_LIMIT",
    );
  if (status >= 500)
    return fail(
      "UPSTREAM_ERROR",
      `The platform failed (HTTP ${status}).`,
      "Try again later; check with health_check.",
      "UPSTREAM_UNAVAILABLE",
      "unknown",
    );
  return fail(
    "UPSTREAM_ERROR",
    `The platform refused the request (HTTP ${status}).`,
    "Compare the arguments with what it said.",
    "REJECTED",
  );
}

type Failing = [ToolError["code"], text: string, hint: string, reason: string, applied?: Applied];

/** HTTP 200 with `success: false`. */
export function rejectedError(
  id: OperationId,
  body: Readonly<Record<string, unknown>>,
  requestId?: string,
): ToolError {
  const said = messageOf(JSON.stringify({ message: body.message ?? body.errorMessage ?? "" }));
  return new ToolError(
    "UPSTREAM_ERROR",
    `The platform answered that it did not do this.${said === "" ? "" : ` It said: "${said}"`}`,
    {
      hint: "Compare the arguments with what it said.",
      details: {
        reason: "REJECTED",
        operation: id,
        applied: "no",
        ...(requestId === undefined ? {} : { upstream_request_id: requestId }),
      },
    },
  );
}

/** No usable answer came: a dropped connection, a time limit, or a body that is no JSON. */
export function noAnswerError(
  id: OperationId,
  cause: unknown,
  applied: Applied,
  reason = "NO_ANSWER",
): ToolError {
  const writes = operationOf(id).method !== "GET" && applied === "unknown";
  return new ToolError(
    reason === "MALFORMED" ? "UPSTREAM_ERROR" : "CONNECTION_ERROR",
    reason === "MALFORMED" ? "The platform's answer is not readable." : "No answer came from the platform.",
    {
      hint: writes
        ? "The change may have been made; read the thing before trying again."
        : "Try again; check with health_check.",
      details: { reason, operation: id, applied },
      cause,
    },
  );
}

const authHint =
  "Was the client secret rotated? There is one key per organisation. Restart with the current one; new tokens are limited to 2 a day.";
const roomHint =
  "Likely cause: the API user is not in this clean room as Administrator. Add it in the console: the room, Users, New User.";
const tokenHint = (missing: string) => `Ask the organisation's administrator for an API key with ${missing}.`;

/** Control and direction characters of remote text could restyle a terminal or hide words. */
function clean(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();
}
