import { defineResource, fenceUntrusted } from "@mcp-data/core";
import { describeRelation, relationSchema } from "../catalog/describe-relation.ts";
import { findRelation } from "../catalog/find-relation.ts";
import { pickSource } from "../project/project.ts";
import { completeSchema, completeSource, completeTable } from "../prompts/completion.ts";
import type { Services } from "../services.ts";
import { viewWith } from "../source/view-with.ts";
import { readScope } from "../tools/fields.ts";

export const tableResource = defineResource<Services>({
  name: "table",
  title: "Table definition",
  description: "One table or view as describe_table returns it, without sample values.",
  uriTemplate: "sql://{source}/{schema}/{table}",
  mimeType: "application/json",
  scopes: readScope,
  complete: { source: completeSource, schema: completeSchema, table: completeTable },
  async list({ services, principal, signal }) {
    const project = services.projects.of(principal);
    const views = await Promise.all(
      [...project.sources.values()].map(async (source) => ({
        id: source.id,
        view: await source.view(signal).catch(() => undefined),
      })),
    );
    return views.flatMap(({ id, view }) =>
      (view?.relations ?? []).map(({ schema, name, kind }) => ({
        uri: `sql://${[id, schema, name].map(encodeURIComponent).join("/")}`,
        name: `${schema}.${name}`,
        title: `${kind.replaceAll("_", " ")} ${schema}.${name}`,
        mimeType: "application/json",
      })),
    );
  },
  async read({ source: id, schema, table }, { services, principal, signal }) {
    const source = pickSource(services.projects.of(principal), id);
    const { view, found } = await viewWith(source, signal, (each) => findRelation(each, table ?? "", schema));
    return {
      mimeType: "application/json",
      text: JSON.stringify(fenceUntrusted(relationSchema, describeRelation(view, found))),
    };
  },
});
