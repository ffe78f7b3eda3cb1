import { existsSync } from "node:fs";
import { coreChecks } from "./core.mjs";
import { serverChecks } from "./server.mjs";

/** `[{ name, check }]` for one packed package. */
export async function packageChecks({ manifest, tarball }, env) {
  if (manifest.name === "@mcp-data/core") return coreChecks({ manifest, tarball }, env);
  const own = new URL(`./${manifest.name}.mjs`, import.meta.url);
  const branches = existsSync(own) ? (await import(own)).branches : [];
  return serverChecks({ manifest, tarball, branches }, env);
}
