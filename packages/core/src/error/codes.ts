/** Whether calling again can help: never, only once the input changed, or by itself after a wait. */
export type Retry = "no" | "after_change" | "later";

interface CodeEntry {
  readonly meaning: string;
  readonly retry: Retry;
  /** HTTP status where the failure happens before JSON-RPC (guards, auth) or on a plain endpoint. */
  readonly status: number;
}

/** The closed table of failure codes; finer words go to `details.reason`. */
export const errorCodes = {
  VALIDATION_ERROR: {
    meaning: "The arguments or the statement are not acceptable.",
    retry: "after_change",
    status: 400,
  },
  PERMISSION_DENIED: { meaning: "The caller may not do this.", retry: "no", status: 403 },
  AUTH_REQUIRED: {
    meaning: "The caller is not authenticated, or the credential is no longer valid.",
    retry: "after_change",
    status: 401,
  },
  NOT_FOUND: {
    meaning: "The named thing does not exist, or the caller may not see it.",
    retry: "after_change",
    status: 404,
  },
  AMBIGUOUS: {
    meaning: "The name fits several things; the candidates are listed.",
    retry: "after_change",
    status: 409,
  },
  CONFLICT: { meaning: "The thing changed or exists already.", retry: "after_change", status: 409 },
  RATE_LIMITED: {
    meaning: "A quota of the caller or the source is used up for now.",
    retry: "later",
    status: 429,
  },
  QUERY_TIMEOUT: { meaning: "The work was stopped at its time limit.", retry: "after_change", status: 504 },
  CANCELLED: { meaning: "The caller, or an operator, stopped the work.", retry: "later", status: 499 },
  QUERY_ERROR: { meaning: "The engine refused or failed the statement.", retry: "after_change", status: 400 },
  COST_LIMIT_EXCEEDED: {
    meaning: "The planner's cost estimate is above the source's ceiling.",
    retry: "after_change",
    status: 400,
  },
  RESULT_TOO_LARGE: { meaning: "The result does not fit the size cap.", retry: "after_change", status: 413 },
  CURSOR_EXPIRED: {
    meaning: "The cursor or handle is too old, was used, or was issued for something else.",
    retry: "after_change",
    status: 410,
  },
  CONFIRMATION_REQUIRED: {
    meaning: "The plan must be confirmed with its handle first.",
    retry: "after_change",
    status: 409,
  },
  CONNECTION_ERROR: {
    meaning: "The source cannot be reached or dropped the connection.",
    retry: "later",
    status: 502,
  },
  UPSTREAM_ERROR: { meaning: "A remote service answered with a failure.", retry: "later", status: 502 },
  UNAVAILABLE: { meaning: "The server is busy or stopping.", retry: "later", status: 503 },
  UNSUPPORTED: { meaning: "This source or build does not offer the thing.", retry: "no", status: 501 },
  CONFIG_ERROR: { meaning: "The configuration is not valid.", retry: "no", status: 500 },
  INTERNAL_ERROR: {
    meaning: "A defect; the log holds the cause under the request id.",
    retry: "no",
    status: 500,
  },
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof errorCodes;
