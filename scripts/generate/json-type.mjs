/** A short human word for a JSON Schema: `string`, `integer`, `"rows" \| "csv"`, `string[]`. */
export function jsonType(schema) {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(jsonType))].join(" | ");
  if (Array.isArray(schema.type)) return schema.type.join(" | ");
  if (schema.type === "array") return arrayOf(jsonType(schema.items ?? {}));
  if (schema.type === "object" && !schema.properties && typeof schema.additionalProperties === "object") {
    return `map of ${jsonType(schema.additionalProperties)}`;
  }
  return schema.type ?? "any";
}

function arrayOf(inner) {
  return inner.includes(" ") ? `(${inner})[]` : `${inner}[]`;
}
