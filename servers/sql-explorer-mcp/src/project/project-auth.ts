import { type ConfiguredAuth, createProxyCheck, openAuth, ToolError } from "@mcp-data/core";
import type { ExplorerConfig } from "../config.ts";
import { projectClaim } from "./project.ts";

/** Authentication that also settles the caller's project: its claims first, then what the gateway says. */
export function projectAuth(
  config: Pick<ExplorerConfig, "auth" | "project_header">,
  fixedProject: string | undefined,
): ConfiguredAuth | undefined {
  const auth = openAuth(config.auth);
  if (auth === undefined) {
    if (fixedProject !== undefined) return undefined;
    throw new ToolError(
      "CONFIG_ERROR",
      "Projects are configured, but callers without authentication have none.",
      {
        hint: "Configure auth, or choose one project for everybody with --project.",
      },
    );
  }
  if (config.project_header === undefined) return auth;
  const { name: header, ...settings } = config.project_header;
  const gateway = createProxyCheck(settings, "project_header");
  return {
    ...auth,
    async authenticate(headers, peer) {
      const principal = await auth.authenticate(headers, peer);
      const named = headers.get(header);
      if (named === null || principal.claims?.[projectClaim] !== undefined) return principal;
      if (!gateway.sent(headers, peer)) return principal;
      return { ...principal, claims: { ...principal.claims, [projectClaim]: named } };
    },
  };
}
