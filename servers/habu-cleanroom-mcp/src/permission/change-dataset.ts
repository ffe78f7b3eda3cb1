import { ToolError } from "@mcp-data/core";
import { repeatUntilKnown } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import { listDatasets } from "../habu/bindings.ts";
import { plainText } from "../habu/plain-text.ts";
import { resolve } from "../habu/resolve.ts";
import type { Room } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";
import { record } from "./record.ts";

export async function changeDataset(work: Work<Input>, room: Room) {
  const { input, habu } = work;
  const datasets = await listDatasets(habu, room.id);
  if (input.dataset === undefined)
    return work.ask([{ field: "dataset", why: "Which one.", candidates: datasets.map(({ name }) => name) }]);
  const dataset = resolve("dataset of this clean room", input.dataset, datasets);
  if (input.partner_can_assign === undefined && input.filters === undefined) {
    return work.ask(
      [
        {
          field: "partner_can_assign",
          why: "Whether partners may assign it to their questions.",
          candidates: ["true", "false"],
        },
      ],
      {
        dataset: {
          name: dataset.name,
          partner_can_assign: dataset.partnerCanAssign,
          filters: dataset.filters,
        },
      },
    );
  }
  const unknown = input.filters?.find(({ field }) => !dataset.fields.includes(field));
  if (unknown !== undefined)
    throw new ToolError(
      "VALIDATION_ERROR",
      `"${plainText(unknown.field, 60)}" is no field of this dataset.`,
      { hint: `Fields: ${dataset.fields.slice(0, 20).join(", ")}.` },
    );
  const stop = await work.plan([
    ...(input.partner_can_assign === undefined
      ? []
      : [
          {
            step: "partner assignment",
            what: `${dataset.name}: ${dataset.partnerCanAssign} to ${input.partner_can_assign}`,
            effect: input.partner_can_assign ? "partners may use it in their questions" : "partners lose it",
          },
        ]),
    ...(input.filters === undefined
      ? []
      : [
          {
            step: "replace filters",
            what: `${dataset.name}: ${input.filters.length} filter(s)`,
            effect: "every question sees only what passes",
          },
        ]),
  ]);
  if (stop !== undefined) return stop;
  const { partner_can_assign: partnerCanAssign, filters } = input;
  if (partnerCanAssign !== undefined) {
    await work.step("assignment", "partner assignment", async () => {
      await repeatUntilKnown(
        () =>
          habu.call("updateCleanroomDatasetPartnerAssignment", {
            path: { cleanroomId: room.id },
            body: [{ datasetId: dataset.id, partnerCanAssign }],
          }),
        async () => undefined,
      );
      return { value: partnerCanAssign };
    });
  }
  if (filters !== undefined) {
    await work.step("filters", "filters", async () => {
      const current = await habu.call(
        "getCleanroomDatasetById",
        { path: { cleanroomId: room.id, datasetId: dataset.id } },
        { fresh: true },
      );
      const body: ToSend<"CleanRoomDatasetUpdateRequest"> = {
        datasetFieldMappings: (current.datasetFieldMappings ?? []) as ToSend<"DatasetFieldMappings">,
        datasetFilters: filters.map(({ field, operator, values }) => ({
          datasetFieldName: field,
          operator,
          values,
        })),
      };
      await repeatUntilKnown(
        () =>
          habu.call("updateCleanroomDatasetById", {
            path: { cleanroomId: room.id, datasetId: dataset.id },
            body,
          }),
        async () => undefined,
      );
      return { value: filters.length };
    });
  }
  const after = (await listDatasets(habu, room.id, { fresh: true })).find(({ id }) => id === dataset.id);
  record(
    work,
    room,
    `dataset ${dataset.id}`,
    { partner_can_assign: dataset.partnerCanAssign, filters: dataset.filters },
    { partner_can_assign: after?.partnerCanAssign, filters: after?.filters },
  );
  return work.end({
    summary: `${dataset.name}: partner_can_assign ${String(after?.partnerCanAssign)}, ${after?.filters ?? 0} filter(s), read back.`,
  });
}
