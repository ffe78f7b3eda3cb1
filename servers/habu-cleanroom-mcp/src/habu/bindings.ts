import type { Habu } from "../client/habu-client.ts";
import type { Received } from "../contract/types.ts";
import type { Named } from "./resolve.ts";

/** Which dataset stands behind a macro of a question. */
export interface Binding {
  readonly macro: string;
  readonly dataType: string;
  readonly organisationId: string;
  readonly organisationName: string;
  readonly ownership: string;
  readonly datasetId: string;
  readonly datasetName: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

export interface Dataset extends Named {
  readonly organisationName: string;
  readonly connectionId: string;
  readonly dataType: string;
  readonly partnerCanAssign: boolean;
  readonly fields: readonly string[];
  readonly partitionParameters: readonly { readonly name: string; readonly dataType: string }[];
  readonly filters: number;
}

function bindingFrom(given: Received<"CleanRoomQuestionDataset">): Binding {
  return {
    macro: given.macro ?? "",
    dataType: given.dataTypeName ?? "",
    organisationId: given.organizationId ?? "",
    organisationName: given.organizationName ?? "",
    ownership: given.ownership ?? "",
    datasetId: given.datasetId ?? "",
    datasetName: given.datasetName ?? "",
    fields: (given.fields ?? []).map(({ name = "", value = "" }) => ({ name, value })),
  };
}

export async function listBindings(
  habu: Habu,
  questionId: string,
  options: { fresh?: boolean } = {},
): Promise<Binding[]> {
  const given = await habu.call(
    "getAllCleanroomQuestionDatasets",
    { path: { cleanroomQuestionId: questionId } },
    options,
  );
  return given.map(bindingFrom);
}

export async function listDatasets(
  habu: Habu,
  roomId: string,
  options: { fresh?: boolean } = {},
): Promise<Dataset[]> {
  const given = await habu.call("getCleanroomDatasets", { path: { cleanroomId: roomId } }, options);
  return given.map((one) => ({
    id: one.id ?? "",
    name: one.name ?? "",
    organisationName: one.organizationName ?? "",
    connectionId: one.dataConnectionId ?? "",
    dataType: one.dataConnectionType ?? "",
    partnerCanAssign: one.partnerCanAssign === true,
    fields: (one.datasetFields ?? []).map(({ name = "" }) => name),
    partitionParameters: (one.partitionParameters?.partitionGroups ?? []).flatMap(
      ({ partitionFields = [] }) =>
        partitionFields.flatMap(({ parameters = [] }) =>
          parameters.map(({ name = "", dataType = "" }) => ({ name, dataType })),
        ),
    ),
    filters: one.datasetFilters?.length ?? 0,
  }));
}
