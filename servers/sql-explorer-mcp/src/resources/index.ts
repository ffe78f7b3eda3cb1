import type { ResourceDefinition } from "@mcp-data/core";
import type { Services } from "../services.ts";
import { semanticResource } from "./semantic-resource.ts";
import { tableResource } from "./table-resource.ts";

export const resources: readonly ResourceDefinition<Services>[] = [tableResource, semanticResource];
