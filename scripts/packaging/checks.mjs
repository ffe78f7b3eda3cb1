import { existsSync } from "node:fs";
import { coreChecks } from "./core.mjs";
import { serverChecks } from "./server.mjs";

/** `{ checks: [{ name, check }], remove }` for one packed package, installed into an empty folder. */
export async function packageChecks({ manifest, tarball }, env, packed) {
  if (manifest.name === "@mcp-data/core") return coreChecks({ manifest, tarball }, env);
  const own = new URL(`./${manifest.name}.mjs`, import.meta.url);
  const { branches } = existsSync(own) ? await import(own) : { branches: [] };
  const core = packed.find((item) => item.manifest.name === "@mcp-data/core");
  return serverChecks({ manifest, tarball, branches, core }, env);
}
