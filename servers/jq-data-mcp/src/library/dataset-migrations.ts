import { ToolError } from "@mcp-data/core";
import type { Schemas } from "../datasets/schemas.ts";
import type { Journal } from "./journal.ts";
import type { LibraryReader } from "./reading.ts";
import { requireRole } from "./roles.ts";
import type { User } from "./user.ts";

export interface DatasetMigrations {
  /**
   * The approved function that brings data of one schema version to the next; undefined takes it away. NOT_FOUND when
   * the dataset never had that version, or there is no such function.
   */
  set(user: User, dataset: string, from: number, functionName: string | undefined): void;
}

export function createDatasetMigrations(
  reader: LibraryReader,
  schemas: Schemas,
  journal: Journal,
): DatasetMigrations {
  return {
    set(user, dataset, from, functionName) {
      requireRole(user, "manage");
      if (!schemas.list(dataset).some(({ number }) => number === from))
        throw new ToolError("NOT_FOUND", `${dataset.slice(0, 100)} never had schema version ${from}.`, {
          hint: "describe_dataset lists its versions.",
          details: { reason: "schema_version" },
        });
      // What takes arguments could not be told what to pass.
      const key = functionName === undefined ? undefined : `${functionName}/0`;
      if (key !== undefined) reader.findFunction(functionName ?? "", 0);
      schemas.setMigration(dataset, from, key, user.id);
      journal.commit([
        {
          kind: "note",
          actor: user.id,
          action: "migration",
          subject: `dataset:${dataset}`,
          details: { from, function: key ?? null },
        },
      ]);
    },
  };
}
