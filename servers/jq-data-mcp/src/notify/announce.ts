import { isOff } from "../library/item-state.ts";
import type { Operation } from "../library/operations.ts";
import type { Webhooks } from "./webhooks.ts";

/** What listeners of the server's feed hear; the shape core's event hub takes. */
export type Announcement = { readonly audience?: { readonly scopes: readonly string[] } } & (
  | { readonly kind: "tools_changed" }
  | { readonly kind: "resource_updated"; readonly uri: string }
  | { readonly kind: "notice"; readonly name: string; readonly data: Readonly<Record<string, unknown>> }
);

/** Tells clients, listeners and webhooks what changed. */
export function announce(
  operations: readonly Operation[],
  publish: (event: Announcement) => void,
  webhooks: Webhooks,
): void {
  const audience = { scopes: ["data:read"] };
  let activated = false;
  for (const op of operations) {
    const notice = noticeOf(op);
    if (op.kind === "activate") activated = true;
    if (notice === undefined) continue;
    publish({ kind: "notice", name: notice.name, data: notice.data, audience });
    webhooks.send(notice.name, notice.data);
  }
  if (activated) libraryChanged(publish);
  if (operations.some(({ kind }) => ["propose", "vote", "withdraw", "refuse", "activate"].includes(kind))) {
    publish({ kind: "resource_updated", uri: "jq-data://proposals" });
  }
}

export function libraryChanged(publish: (event: Announcement) => void): void {
  publish({ kind: "tools_changed" });
  publish({ kind: "resource_updated", uri: "jq-data://library" });
}

function noticeOf(op: Operation): { name: string; data: Record<string, unknown> } | undefined {
  switch (op.kind) {
    case "propose":
      return { name: "proposal", data: { proposal: op.proposal, item: op.item, by: op.actor } };
    case "vote":
      return { name: "vote", data: { proposal: op.proposal, by: op.user, vote: op.vote } };
    case "activate":
      return {
        name: op.version !== null ? "activated" : isOff(op) ? "deactivated" : "deleted",
        data: { item: op.item, version: op.version, proposal: op.proposal, by: op.actor },
      };
    case "withdraw":
      return { name: "withdrawn", data: { proposal: op.proposal, by: op.actor } };
    case "refuse":
      return { name: "refused", data: { proposal: op.proposal, reason: op.reason } };
    default:
      return undefined;
  }
}
