import { jsonType } from "./json-type.mjs";
import { table } from "./markdown.mjs";

/** The reference page of a configuration, one row per field, nested fields by their path. */
export function configReference(server, schema) {
  const rows = fields(schema, schema.$defs ?? {}, "").map(({ path, type, fallback, meaning }) => [
    `\`${path}\``,
    type,
    fallback === undefined ? "" : `\`${JSON.stringify(fallback)}\``,
    meaning,
  ]);
  const intro = `# ${server}: configuration\n\nGenerated from the configuration schema by \`npm run generate\`.`;
  return `${intro}\n\n${table(["Field", "Type", "Default", "Meaning"], rows)}\n`;
}

function fields(schema, defs, prefix, depth = 0) {
  if (depth > 8) return [];
  const resolved = resolve(schema, defs);
  const own = Object.entries(resolved.properties ?? {});
  return own.flatMap(([name, raw]) => {
    const field = { ...resolve(raw, defs), ...(raw.description ? { description: raw.description } : {}) };
    const isList = field.type === "array";
    const isMap = typeof field.additionalProperties === "object" && !field.properties;
    const path = `${prefix}${name}${isList ? "[]" : ""}`;
    const inner = isList ? field.items : isMap ? field.additionalProperties : field;
    const below = inner === undefined ? [] : fields(inner, defs, `${path}${isMap ? ".*" : ""}.`, depth + 1);
    return [
      { path, type: jsonType(field), fallback: field.default, meaning: field.description ?? "" },
      ...below,
    ];
  });
}

function resolve(schema, defs) {
  const name = schema.$ref?.match(/^#\/\$defs\/(.+)$/)?.[1];
  return name === undefined ? schema : { ...defs[name], ...schema };
}
