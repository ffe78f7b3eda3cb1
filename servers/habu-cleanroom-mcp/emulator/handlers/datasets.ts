import type { RoomDataset } from "../world.ts";
import { stageAt } from "./connections.ts";
import { type Ask, administeredRoom, type Handlers, refuse } from "./handler.ts";
import { importTypeOf } from "./sources.ts";

export const datasetHandlers: Handlers = {
  getCleanroomDatasets: (ask) => administeredRoom(ask).datasets.map(shown),
  getCleanroomDatasetById: (ask) => shown(datasetOf(ask)),

  configureCleanroomDataset(ask) {
    const room = administeredRoom(ask);
    const connection =
      ask.world.connections.find(({ id }) => id === ask.query.dataConnectionId) ??
      refuse(404, "Data connection not found.");
    if (stageAt(connection, ask.now) !== "CONFIGURATION_COMPLETE")
      refuse(400, "The data connection is not configured yet.");
    if (room.datasets.some(({ connectionId }) => connectionId === connection.id))
      refuse(400, "The dataset is in this clean room already.");
    const made: RoomDataset = {
      id: ask.world.nextId("dataset"),
      name: connection.name,
      organisation: ask.world.organisation,
      connectionId: connection.id,
      importType: importTypeOf(connection.dataType.displayName),
      fields: connection.fields
        .filter(({ isExcluded }) => isExcluded !== true)
        .map((one) => ({
          name: String(one.fieldName),
          type: String(one.dataType),
          isPii: one.isPii === true,
          isUserId: one.isUserIdField === true,
        })),
      mappings: [],
      filters: [],
      partitions: connection.partitions,
      partnerCanAssign: false,
    };
    room.datasets.push(made);
    return shown(made);
  },

  updateCleanroomDatasetById(ask) {
    const found = datasetOf(ask);
    if (ask.body.datasetFieldMappings !== undefined) found.mappings = ask.body.datasetFieldMappings;
    if (ask.body.datasetFilters !== undefined) found.filters = ask.body.datasetFilters;
    return shown(found);
  },

  updateCleanroomDatasetPartnerAssignment(ask) {
    const room = administeredRoom(ask);
    for (const { datasetId, partnerCanAssign } of ask.body as {
      datasetId: string;
      partnerCanAssign: boolean;
    }[]) {
      const found = room.datasets.find(({ id }) => id === datasetId);
      if (found === undefined) return { success: false };
      found.partnerCanAssign = partnerCanAssign;
    }
    return { success: true };
  },
};

function datasetOf(ask: Ask): RoomDataset {
  return (
    administeredRoom(ask).datasets.find(({ id }) => id === ask.path.datasetId) ??
    refuse(404, "Dataset not found.")
  );
}

function shown(one: RoomDataset) {
  return {
    id: one.id,
    name: one.name,
    organizationName: one.organisation.name,
    dataConnectionType: one.importType,
    dataConnectionId: one.connectionId,
    stage: "ACTIVE",
    configurationStatus: "COMPLETED",
    datasetFields: one.fields.map(({ name, type }) => ({ datasetId: one.id, name, type, value: "" })),
    datasetFieldMappings: one.mappings,
    datasetFilters: one.filters,
    isView: false,
    partnerCanAssign: one.partnerCanAssign,
    ...(one.partitions.length === 0
      ? {}
      : {
          partitionParameters: {
            isView: false,
            partitionGroups: [
              {
                dataConnectionId: one.connectionId,
                dataConnectionName: one.name,
                partitionFields: one.partitions.map(({ field, dataType, name }) => ({
                  fieldName: field,
                  dataType,
                  parameters: [{ name, dataType }],
                })),
              },
            ],
          },
        }),
  };
}
