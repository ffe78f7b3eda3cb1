import { isOff } from "./item-state.ts";
import type { Operation } from "./operations.ts";

/** What the history says of an operation: what was done, on what, and how. */
export function auditOf(op: Operation): {
  readonly action: string;
  readonly subject: string;
  readonly details: Record<string, unknown>;
} {
  return { action: actionOf(op), subject: subjectOf(op), details: detailsOf(op) };
}

function actionOf(op: Operation): string {
  if (op.kind === "note") return op.action;
  if (op.kind === "activate") return op.version === null && !isOff(op) ? "delete" : op.reason;
  if (op.kind === "vote") return `vote ${op.vote}`;
  return op.kind;
}

function subjectOf(op: Operation): string {
  switch (op.kind) {
    case "version":
    case "activate":
    case "propose":
      return op.item;
    case "withdraw":
    case "refuse":
    case "vote":
      return op.proposal;
    case "user":
    case "role":
      return `user:${op.user}`;
    case "resolve":
      return op.conflict;
    case "note":
      return op.subject;
  }
}

function detailsOf(op: Operation): Record<string, unknown> {
  switch (op.kind) {
    case "version":
      return { version: op.version, base: op.base, source: op.source };
    case "activate":
      return { version: op.version, base: op.base, proposal: op.proposal };
    case "propose":
      return { proposal: op.proposal, version: op.version, justification: op.justification.slice(0, 500) };
    case "refuse":
      return { reason: op.reason.slice(0, 500) };
    case "vote":
      return { user: op.user, comment: op.comment };
    case "role":
      return { role: op.role };
    case "resolve":
      return { resolution: op.resolution };
    case "note":
      return op.details;
    case "withdraw":
    case "user":
      return {};
  }
}
