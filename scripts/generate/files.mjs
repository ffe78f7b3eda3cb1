import { existsSync, readdirSync, readFileSync } from "node:fs";
import { root, servers } from "../run/workspace.mjs";
import { benchmarkSection } from "./benchmarks.mjs";
import { clientsSection } from "./clients.mjs";
import { configReference } from "./config.mjs";
import { errorReference } from "./errors.mjs";
import { layerConfig } from "./layers.mjs";
import { observedOperations, operationReference } from "./operations.mjs";
import { replaceSection, sectionNames } from "./section.mjs";
import { serverJson } from "./server-json.mjs";
import { toolReference, toolTable } from "./tools.mjs";
import { wallReference } from "./walls.mjs";

/** Every generated file as it should be: a map from path to content. */
export async function generatedFiles() {
  const { configJsonSchema, errorCodes } = await import(new URL("packages/core/src/index.ts", root));
  const described = await Promise.all(servers().map((server) => describe(server, configJsonSchema)));
  const files = new Map([
    ["biome.layers.json", pretty(layerConfig())],
    ["docs/reference/errors.md", errorReference(errorCodes)],
    ["docs/reference/sql-walls.md", await walls()],
    ["docs/reference/lineage-mcp-operations.md", operationReference(await observedOperations())],
    ...described.flatMap(serverFiles),
  ]);
  addReadme(files, "README.md", rootSections(described));
  for (const server of described)
    addReadme(files, `${server.dir}/README.md`, serverSections(server), ["tools", "clients"]);
  return files;
}

async function walls() {
  const { attackFamilies } = await import(
    new URL("servers/sql-explorer-mcp/src/postgres/walls/families.ts", root)
  );
  const { wallClaims } = await import(new URL("packages/core/src/sql/duckdb/corpus/claims.ts", root));
  return wallReference(attackFamilies, wallClaims);
}

async function describe({ dir, manifest }, configJsonSchema) {
  const { catalogue, configSchema } = await import(new URL(`${dir}/src/index.ts`, root));
  if (catalogue === undefined || configSchema === undefined) {
    throw new Error(`${dir}/src/index.ts must export catalogue and configSchema`);
  }
  const about = { id: `${manifest.name}/config.schema.json`, title: `${manifest.name} configuration` };
  return { dir, manifest, catalogue, schema: configJsonSchema(configSchema, about) };
}

function serverFiles({ dir, manifest, catalogue, schema }) {
  return [
    [`${dir}/server.json`, pretty(serverJson(manifest, catalogue.title))],
    [`${dir}/config.schema.json`, pretty(schema)],
    [`docs/reference/${manifest.name}-tools.md`, toolReference(catalogue)],
    [`docs/reference/${manifest.name}-config.md`, configReference(manifest.name, schema)],
  ];
}

function serverSections({ manifest, catalogue }) {
  return { tools: () => toolTable(catalogue), clients: () => clientsSection(manifest.name) };
}

function rootSections(described) {
  const perServer = described.flatMap(({ manifest, catalogue }) => [
    [`tools:${manifest.name}`, () => toolTable(catalogue)],
    [`clients:${manifest.name}`, () => clientsSection(manifest.name)],
  ]);
  return { ...Object.fromEntries(perServer), benchmarks: () => benchmarkSection(benchmarkResults()) };
}

/** Fills the sections a README has; a name no generator knows is an error, and so is a required one left out. */
function addReadme(files, path, sections, required = []) {
  const url = new URL(path, root);
  if (!existsSync(url)) return;
  let text = readFileSync(url, "utf8");
  const names = sectionNames(text);
  const absent = required.filter((name) => !names.includes(name));
  if (absent.length > 0) throw new Error(`${path}: the section ${absent.join(", ")} is missing`);
  for (const name of names) {
    if (sections[name] === undefined) {
      throw new Error(`${path}: nothing generates "${name}"; known: ${Object.keys(sections).join(", ")}`);
    }
    text = replaceSection(text, name, sections[name]());
  }
  files.set(path, text);
}

function benchmarkResults() {
  const dir = new URL("benchmarks/results/", root);
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, dir), "utf8")));
}

function pretty(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
