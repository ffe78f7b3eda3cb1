import { configError } from "../document/config-error.ts";
import { readDocument } from "../document/read-document.ts";
import { fromEntities } from "./entities.ts";
import type { SemanticModel } from "./model.ts";
import { fromOssie } from "./ossie.ts";

/** Reads an Apache Ossie document or the plan's `entities:` form. Throws CONFIG_ERROR naming the part. */
export async function loadSemantic(path: string): Promise<SemanticModel> {
  const { what, value } = await readDocument(path, "semantic model");
  return parseSemantic(value, what);
}

/** `what` names the document in errors. */
export function parseSemantic(value: unknown, what: string): SemanticModel {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const root = value as Readonly<Record<string, unknown>>;
    if (Object.hasOwn(root, "entities")) return fromEntities(root, what);
    if (Object.hasOwn(root, "semantic_model") || Object.hasOwn(root, "datasets"))
      return fromOssie(root, what);
  }
  throw configError({
    what,
    field: "",
    problem: "it is no semantic model",
    fix: "Start it with semantic_model: (Apache Ossie) or entities: (one entry per table).",
  });
}
