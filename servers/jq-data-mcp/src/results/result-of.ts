import { missingScopes, type Principal, ToolError } from "@mcp-data/core";
import type { Services } from "../services.ts";
import type { StoredResult } from "./result-store.ts";

/** A kept result of this caller. PERMISSION_DENIED without the scope; NOT_FOUND when it is gone, or another's. */
export function resultOf(services: Services, principal: Principal, id: string): StoredResult {
  if (missingScopes(principal, ["data:read"]).length > 0) {
    throw new ToolError("PERMISSION_DENIED", "Your credential may not read results.", {
      hint: "It needs the scope data:read.",
    });
  }
  const result = services.results.get(id, services.userOf(principal).id);
  if (result !== undefined) return result;
  throw new ToolError("NOT_FOUND", "The result is no longer kept, or is not yours.", {
    hint: "Run it again.",
  });
}
