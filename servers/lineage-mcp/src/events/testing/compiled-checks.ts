import { _ } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { coreSchema, ownSchemas, schemaSet } from "../schema-set.ts";

/** The text of a module like checks.ts beside it, with every schema compiled: the server needs neither the compiler nor the files. */
export function compiledChecks(): string {
  const { ajv, references } = schemaSet({
    code: { source: true, esm: true, lines: false, formats: _`formats` },
  });
  const all = [...references, ...ownSchemas];
  const code = standalone.default(
    ajv,
    Object.fromEntries(all.map((reference, at) => [`check${at}`, reference])),
  );
  const table = all.map((reference, at) => `[${JSON.stringify(reference)}, check${at}]`).join(",\n");
  return `import { createFormats } from "./formats.ts";
const formats = createFormats();
${code.replace(/^"use strict";/, "")}
const known = new Map([${table}]);
export function loadChecks() {
  return { core: () => known.get(${JSON.stringify(coreSchema)}), own: (name) => known.get(name), facet: (reference) => known.get(reference) };
}
`;
}
