import { defineResource, fenceUntrusted, ToolError, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { pickSource } from "../project/project.ts";
import { completeSource } from "../prompts/completion.ts";
import { summarise } from "../semantic/summarise.ts";
import type { Services } from "../services.ts";
import { readScope } from "../tools/fields.ts";

const schema = z.object({ semantic: untrusted(z.record(z.string(), z.unknown())).optional() });

export const semanticResource = defineResource<Services>({
  name: "semantic",
  title: "Semantic layer",
  description: "Datasets, relationships, metrics and synonyms that people wrote down for one source.",
  uriTemplate: "sql://{source}/semantic",
  mimeType: "application/json",
  scopes: readScope,
  complete: { source: completeSource },
  async list({ services, principal }) {
    const sources = [...services.projects.of(principal).sources.values()];
    return sources
      .filter((source) => source.config.semantic !== undefined)
      .map(({ id }) => ({
        uri: `sql://${encodeURIComponent(id)}/semantic`,
        name: `${id} semantic layer`,
        mimeType: "application/json",
      }));
  },
  async read({ source: id }, { services, principal, signal }) {
    const source = pickSource(services.projects.of(principal), id);
    const view = await source.view(signal);
    if (view.semantic === undefined) {
      throw new ToolError("NOT_FOUND", `Source ${source.id} has no semantic layer.`, {
        hint: "An operator adds one with semantic: FILE in the source's configuration.",
      });
    }
    const semantic = summarise(
      view.semantic,
      (schemaName, name) => view.find(schemaName, name) !== undefined,
    );
    return { mimeType: "application/json", text: JSON.stringify(fenceUntrusted(schema, { semantic })) };
  },
});
