import { ToolError } from "../error/tool-error.ts";

export type AuthFailure = "missing" | "ambiguous" | "invalid" | "expired" | "keys_unavailable";

const messages: Record<AuthFailure, string> = {
  missing: "This server needs a credential.",
  ambiguous: "More than one credential was sent.",
  invalid: "The credential is not valid.",
  expired: "The credential has expired.",
  keys_unavailable: "The credential cannot be checked at the moment.",
};

/** Says what to do, never what about the credential was wrong; the cause is for the log. */
export function authRequired(reason: AuthFailure, cause?: unknown): ToolError {
  return new ToolError("AUTH_REQUIRED", messages[reason], {
    hint:
      reason === "keys_unavailable"
        ? "Try again shortly; the credential itself may be fine."
        : "Send one credential: Authorization: Bearer TOKEN, or X-API-Key: KEY.",
    ...(reason === "keys_unavailable" ? { retryAfterMs: 5_000 } : {}),
    details: { reason },
    ...(cause === undefined ? {} : { cause }),
  });
}
