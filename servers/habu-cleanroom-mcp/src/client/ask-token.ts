import { type Secret, ToolError } from "@mcp-data/core";
import type { TokenReply } from "./token-cache.ts";
import type { Transport } from "./transport.ts";
import { messageOf } from "./upstream-error.ts";

/** Client-credentials grant as the platform wants it: Basic header, form body, camelCase reply. */
export async function askToken(transport: Transport, clientId: string, secret: Secret): Promise<TokenReply> {
  const basic = Buffer.from(`${clientId}:${secret.reveal()}`).toString("base64");
  const answer = await transport.postForm("/oauth/token", "grant_type=client_credentials", `Basic ${basic}`);
  const reply = parse(answer.body);
  if (answer.status < 300 && typeof reply.accessToken === "string" && reply.accessToken !== "") {
    return {
      accessToken: reply.accessToken,
      expiresIn: typeof reply.expiresIn === "number" ? reply.expiresIn : undefined,
      expiresAt: typeof reply.expiresAt === "string" ? reply.expiresAt : undefined,
    };
  }
  // Some servers repeat what they refuse.
  const said = messageOf(answer.body).replaceAll(secret.reveal(), "[secret]").replaceAll(basic, "[secret]");
  const details = {
    http_status: answer.status,
    applied: answer.status >= 400 && answer.status < 500 ? "no" : "unknown",
  };
  if (answer.status === 429) {
    throw new ToolError("RATE_LIMITED", "The platform grants no more access tokens today (2 per 24 hours).", {
      hint: "Wait until the older of the two is 24 hours old. Other programs may use the same key.",
      retryAfterMs: answer.retryAfterMs ?? 3_600_000,
      details: { ...details, reason: "TOKEN_BUDGET" },
    });
  }
  if (answer.status >= 500 || answer.status < 300) {
    throw new ToolError("UPSTREAM_ERROR", `The token endpoint failed (HTTP ${answer.status}).`, {
      hint: "Try again later.",
      details: { ...details, reason: "UPSTREAM_UNAVAILABLE" },
    });
  }
  throw new ToolError(
    "AUTH_REQUIRED",
    `The platform refused the client id and secret.${said === "" ? "" : ` It said: "${said}"`}`,
    {
      hint: "Check HABU_CLIENT_ID and HABU_CLIENT_SECRET; rotating the secret makes the old one invalid.",
      details: { ...details, reason: "AUTH_REJECTED" },
    },
  );
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
