import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type Options } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { packageRoot } from "../package-root.ts";
import { createFormats } from "./formats.ts";

type Json = Record<string, unknown>;

export const coreSchema = "https://openlineage.io/spec/2-0-2/OpenLineage.json";
export const ownSchemas = ["runtime-event", "dataframe-event", "legacy-event"] as const;
export type OwnSchema = (typeof ownSchemas)[number];

export interface SchemaSet {
  readonly ajv: Ajv2020;
  /** Every reference a facet may name as its schema. */
  readonly references: readonly string[];
}

/** All the schemas that ship, none compiled yet. */
export function schemaSet(options: Options = {}, folder = join(packageRoot(), "schemas")): SchemaSet {
  const ajv = new Ajv2020({ strict: false, allErrors: false, allowUnionTypes: true, ...options });
  formats.default(ajv);
  for (const [name, validate] of Object.entries(createFormats())) ajv.addFormat(name, validate);
  const references: string[] = [];
  const facets = join(folder, "openlineage", "facets");
  for (const file of [join(folder, "openlineage", "OpenLineage.json"), ...filesOf(facets)]) {
    const schema = JSON.parse(readFileSync(file, "utf8")) as Json;
    ajv.addSchema(schema);
    const id = String(schema.$id);
    references.push(id, ...Object.keys((schema.$defs ?? {}) as Json).map((name) => `${id}#/$defs/${name}`));
  }
  for (const name of ownSchemas) {
    ajv.addSchema(JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Json, name);
  }
  return { ajv, references };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}
