import { delimiter, join } from "node:path";
import type { CaptureOptions } from "../data/registry.ts";
import { packageRoot } from "../package-root.ts";

/** Variables under which any Python below records into this home. */
export function captureEnvironment(
  home: string,
  options: CaptureOptions & { readonly everything: boolean },
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  return {
    PYTHONPATH: [bootstrapFolder(), ...(env.PYTHONPATH ? [env.PYTHONPATH] : [])].join(delimiter),
    LINEAGE_MCP_HOME: home,
    ...(options.everything ? { LINEAGE_MCP: "1" } : {}),
    ...(options.source ? {} : { LINEAGE_MCP_NO_SOURCE: "1" }),
    ...(options.stats === "sample" ? { LINEAGE_MCP_STATS: "sample" } : {}),
    ...(options.namespace === undefined ? {} : { OPENLINEAGE_NAMESPACE: options.namespace }),
    ...(env.MARIMO_CELL_EXECUTOR_ALLOWLIST
      ? { MARIMO_CELL_EXECUTOR_ALLOWLIST: `${env.MARIMO_CELL_EXECUTOR_ALLOWLIST},aaa_lineage_mcp` }
      : {}),
  };
}

export function bootstrapFolder(): string {
  return join(packageRoot(), "python");
}
