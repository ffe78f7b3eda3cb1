type Schema = Readonly<Record<string, unknown>>;

const compositions = ["anyOf", "oneOf", "allOf", "not", "if"] as const;

/** What keeps an input schema from being a strict object every host understands, with every field described. */
export function inputSchemaProblems(schema: Schema): string[] {
  const problems: string[] = [];
  if (schema.type !== "object") problems.push("the input's root is not an object");
  if (schema.additionalProperties !== false) problems.push("the input's root is not strict");
  for (const word of compositions) {
    if (schema[word] !== undefined) problems.push(`the input's root has ${word}`);
  }
  return [...problems, ...undescribed(schema, "")];
}

function undescribed(schema: Schema, path: string): string[] {
  const found: string[] = [];
  for (const [name, property] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
    const here = path === "" ? name : `${path}.${name}`;
    if (typeof property.description !== "string" || property.description.trim() === "") {
      found.push(`${here} has no description`);
    }
    found.push(...undescribed(property, here));
  }
  if (typeof schema.items === "object" && schema.items !== null) {
    found.push(...undescribed(schema.items as Schema, `${path}[]`));
  }
  for (const word of ["anyOf", "oneOf", "allOf"]) {
    for (const part of (schema[word] ?? []) as Schema[]) found.push(...undescribed(part, path));
  }
  return found;
}
