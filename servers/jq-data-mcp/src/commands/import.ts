import { localPrincipal } from "@mcp-data/core";
import type { Source } from "../library/definitions.ts";
import { readLibraryFile } from "../seeds/read-file.ts";
import type { Command } from "./command.ts";

const importing = (summary: string, source: Source): Command => ({
  usage: "FILE…",
  help: "YAML or JSON, each at most 10 MiB",
  summary,
  min: 1,
  max: 1_000,
  async run(services, files, say) {
    const bundles = files.map((file) => ({ file, bundle: readLibraryFile(file) }));
    const owner = services.userOf(localPrincipal);
    let failed = 0;
    for (const { file, bundle } of bundles) {
      for (const one of await services.importer.import(owner, bundle, { source, seedPath: file })) {
        const { item, outcome, warnings, error } = one;
        say(`${outcome.padEnd(9)} ${item}${error === undefined ? "" : `: ${error}`}`);
        for (const warning of warnings) say(`          ${warning}`);
        if (outcome === "failed") failed += 1;
      }
    }
    return failed === 0 ? 0 : 1;
  },
});

export const seedCommand = importing(
  "put YAML seed files into the library; a second time changes nothing",
  "yaml",
);
export const importCommand = importing("read libraries that export wrote", "manual");
