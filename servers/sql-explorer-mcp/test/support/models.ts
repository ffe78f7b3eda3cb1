import { fileURLToPath } from "node:url";
import { isToolError } from "@mcp-data/core";
import { parseText } from "../../src/document/read-document.ts";
import { loadSemantic, parseSemantic } from "../../src/semantic/load.ts";
import type { SemanticModel } from "../../src/semantic/model.ts";
import { relation, snapshot } from "./snapshots.ts";

export const shopModelPath = fileURLToPath(new URL("shop-model.yaml", import.meta.url));

export const shopModel = () => loadSemantic(shopModelPath);

export function model(yaml: string): SemanticModel {
  return parseSemantic(parseText(yaml, "yaml", "x"), "x");
}

/** Message of the CONFIG_ERROR the document must end in. */
export function modelFailure(yaml: string): string {
  try {
    model(yaml);
  } catch (error) {
    if (isToolError(error) && error.code === "CONFIG_ERROR") return error.message;
    throw error;
  }
  throw new Error("expected CONFIG_ERROR");
}

export const shopSnapshot = snapshot(
  relation(
    "app.orders",
    ["id", "customer_id", "placed_at timestamptz", "amount numeric", "discount numeric", "net"],
    {
      primaryKey: ["id"],
    },
  ),
  relation("app.customers", ["id", "email"], { primaryKey: ["id"] }),
);
