import type { ErrorObject } from "ajv";
import { coreSchema, type OwnSchema, type SchemaSet, schemaSet } from "./schema-set.ts";

/** True when valid; says otherwise in `errors`. */
export interface Check {
  (value: unknown): unknown;
  errors?: readonly Pick<ErrorObject, "instancePath" | "message">[] | null | undefined;
}

export interface Checks {
  core(): Check;
  own(name: OwnSchema): Check;
  /** Of the schema a facet names; undefined when it does not ship. */
  facet(reference: string): Check | undefined;
}

/** From the schema files, compiled at first use. A build puts the compiled code in the place of this module. */
export function loadChecks(): Checks {
  let set: SchemaSet | undefined;
  const known = new Map<string, Check>();
  function check(reference: string): Check {
    set ??= schemaSet();
    const made = known.get(reference) ?? set.ajv.getSchema(reference);
    if (made === undefined) throw new Error(`the schema ${reference} is missing`);
    known.set(reference, made);
    return made;
  }
  return {
    core: () => check(coreSchema),
    own: check,
    facet(reference) {
      set ??= schemaSet();
      return set.references.includes(reference) ? check(reference) : undefined;
    },
  };
}
