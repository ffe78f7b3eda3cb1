import type { Principal } from "./principal.ts";

export function missingScopes(principal: Principal, required: readonly string[]): string[] {
  if (principal.scopes.includes("*")) return [];
  return required.filter((scope) => !principal.scopes.includes(scope));
}
