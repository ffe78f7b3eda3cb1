import { z } from "zod";
import { jsonType } from "./json-type.mjs";
import { details, fence, firstSentence, table } from "./markdown.mjs";

/** The table of a README: name, arguments, first sentence; opt-in groups say so. */
export function toolTable(catalogue) {
  const optIn = catalogue.tools.some((tool) => !catalogue.defaultGroups.includes(tool.group));
  const rows = catalogue.tools.map((tool) => [
    `\`${tool.name}\``,
    argumentNames(tool).join(", ") || "–",
    firstSentence(tool.description),
    ...(optIn
      ? [catalogue.defaultGroups.includes(tool.group) ? "always" : `\`--groups ${tool.group}\``]
      : []),
  ]);
  return table(["Tool", "Arguments", "What it returns", ...(optIn ? ["Shown"] : [])], rows);
}

/** The reference page of a server's tools. */
export function toolReference(catalogue) {
  const intro = `# ${catalogue.title}: tools\n\nGenerated from the tool definitions by \`npm run generate\`.`;
  return `${[intro, ...catalogue.tools.map(toolSection)].join("\n\n")}\n`;
}

function toolSection(tool) {
  const input = z.toJSONSchema(tool.input, { io: "input" });
  const output = z.toJSONSchema(tool.output, { io: "output", unrepresentable: "any" });
  const required = new Set(input.required ?? []);
  const rows = Object.entries(input.properties ?? {}).map(([name, schema]) => [
    `\`${name}\``,
    jsonType(schema),
    required.has(name)
      ? "yes"
      : schema.default === undefined
        ? "no"
        : `default ${JSON.stringify(schema.default)}`,
    schema.description ?? "",
  ]);
  return [
    `## ${tool.name}`,
    tool.description,
    `Group \`${tool.group}\`. Scopes: ${tool.scopes.map((scope) => `\`${scope}\``).join(", ") || "none"}. ${hints(tool.annotations)}`,
    rows.length > 0 ? table(["Argument", "Type", "Required", "Meaning"], rows) : "No arguments.",
    details("Shape of <code>data</code> (JSON Schema)", fence("json", JSON.stringify(output, null, 2))),
  ].join("\n\n");
}

function argumentNames(tool) {
  const input = z.toJSONSchema(tool.input, { io: "input" });
  const required = new Set(input.required ?? []);
  return Object.keys(input.properties ?? {}).map((name) => `\`${name}${required.has(name) ? "" : "?"}\``);
}

function hints(annotations) {
  return [
    annotations.readOnlyHint ? "Reads only" : annotations.destructiveHint ? "May destroy" : "Writes",
    ...(annotations.idempotentHint ? ["repeating it changes nothing more"] : []),
    ...(annotations.openWorldHint ? ["reaches outside systems"] : []),
  ]
    .join(", ")
    .concat(".");
}
