import { uuidOf } from "../random.ts";
import type { RoomQuestion, World } from "../world.ts";
import { administeredRoom, type Handlers, iso, questionOf, refuse, roomQuestionOf } from "./handler.ts";
import { roomById } from "./one-room-question.ts";

/** Which dataset, and whose, stands behind each macro of a room's question. */
export const questionDatasetHandlers: Handlers = {
  getCleanroomQuestionDataTypeOptions: (ask) => {
    const found = roomQuestionOf(ask);
    const room = roomById(ask.world, found.roomId);
    const wanted = ask.query.dataType ?? "";
    const fitting = room.datasets.filter((one) => one.importType === wanted || wanted === "Generic");
    return [{ dataTypeName: wanted, datasetOptions: fitting.map(({ id, name }) => ({ id, name })) }];
  },

  assignCleanroomQuestionDatasetsOwnership(ask) {
    const found = roomQuestionOf(ask);
    for (const { organizationId, macro } of ask.body as { organizationId: string; macro: string }[]) {
      const binding = found.bindings.find((one) => one.macro === macro) ?? refuse(400, "Unknown macro.");
      binding.owner =
        ask.world.organisations.find((one) => one.id === organizationId) ??
        refuse(400, "Unknown organisation.");
    }
    return bindings(found, ask.world);
  },

  configureCleanroomQuestionDatasets(ask) {
    const found = roomQuestionOf(ask);
    const room = roomById(ask.world, found.roomId);
    for (const given of ask.body as {
      datasetId?: string;
      macro?: string;
      fields?: { name: string; value: string }[];
    }[]) {
      const binding =
        found.bindings.find((one) => one.macro === given.macro) ?? refuse(400, "Unknown macro.");
      if (binding.owner === undefined) refuse(400, "The dataset's owner must be assigned first.");
      if (binding.owner.id !== ask.world.organisation.id)
        refuse(403, "The dataset belongs to another organisation.");
      const dataset =
        room.datasets.find((one) => one.id === given.datasetId) ?? refuse(400, "Unknown dataset.");
      const question = questionOf(ask.world, found.questionId);
      const wanted = question.dataTypes.find((one) => one.macro === given.macro)?.fields ?? [];
      const unmapped = wanted.find(
        ({ name }) => !given.fields?.some((field) => field.name === name && field.value !== ""),
      );
      if (unmapped !== undefined) refuse(400, "Every field of the data type must be mapped.");
      binding.datasetId = dataset.id;
      binding.fields = given.fields ?? [];
      binding.assignedAt = ask.now;
    }
    return bindings(found, ask.world);
  },

  getAllCleanroomQuestionDatasets: (ask) => {
    const found = roomQuestionOf(ask);
    administeredRoom({ ...ask, path: { cleanroomId: found.roomId } });
    return bindings(found, ask.world);
  },
};

function bindings(one: RoomQuestion, world: World) {
  const room = roomById(world, one.roomId);
  const question = questionOf(world, one.questionId);
  return one.bindings.map((binding) => {
    const type = question.dataTypes.find(({ macro }) => macro === binding.macro);
    const dataset = room.datasets.find(({ id }) => id === binding.datasetId);
    return {
      id: uuidOf(one.id, binding.macro),
      macro: binding.macro,
      dataTypeName: type?.importDataType ?? "",
      dataTypeDisplayName: type?.importDataType ?? "",
      ownership:
        binding.owner === undefined ? "" : binding.owner.id === world.organisation.id ? "OWNER" : "PARTNER",
      organizationId: binding.owner?.id ?? "",
      organizationName: binding.owner?.name ?? "",
      status: binding.datasetId === undefined ? "MISSING" : "ASSIGNED",
      datasetId: binding.datasetId ?? "",
      datasetName: dataset?.name ?? "",
      dataConnectionId: dataset?.connectionId ?? "",
      ...(binding.assignedAt === undefined ? {} : { assignedAt: iso(binding.assignedAt) }),
      fields: (type?.fields ?? []).map(({ name, type: kind }) => ({
        name,
        type: kind,
        value: binding.fields.find((field) => field.name === name)?.value ?? "",
      })),
    };
  });
}
