import { uuidOf } from "../random.ts";
import type { RoomQuestion, World } from "../world.ts";
import { type Handlers, iso, pageOf, questionOf, refuse, roomOf, roomQuestionOf } from "./handler.ts";
import { attach, partitionsOf, roomById, statusOf } from "./one-room-question.ts";

export const roomQuestionHandlers: Handlers = {
  getAllCleanroomQuestions: (ask) => {
    const room = roomOf(ask);
    const mine = ask.world.roomQuestions.filter((one) => one.roomId === room.id);
    return pageOf(mine, ask.query, 500).map((one) => shown(one, ask.world));
  },

  getCleanroomQuestionById: (ask) => shown(roomQuestionOf(ask), ask.world),

  addCleanroomQuestion(ask) {
    const room = roomOf(ask);
    const question = questionOf(ask.world, ask.query.questionId ?? "");
    if (ask.world.roomQuestions.some((one) => one.roomId === room.id && one.questionId === question.id)) {
      refuse(400, "The question is in this clean room already.");
    }
    const made = attach(ask.world, room.id, question, ask.now);
    return {
      id: made.id,
      cleanRoomId: room.id,
      ownerOrganizationId: question.ownerId,
      questionId: question.id,
      title: question.title,
      category: question.category,
      stage: "CONFIGURED",
      status: statusOf(made),
      datasetCount: made.bindings.length,
      runCount: 0,
      isEditable: ask.query.isEditable !== "false",
      displayId: made.displayId,
      description: question.description,
    };
  },

  deleteCleanroomQuestion(ask) {
    const found = roomQuestionOf(ask);
    ask.world.roomQuestions.splice(ask.world.roomQuestions.indexOf(found), 1);
    return { success: true };
  },

  updateCleanroomQuestionComputeCapacity(ask) {
    roomQuestionOf(ask).compute = ask.body.computeCapacity;
    return { success: true };
  },

  getCleanroomQuestionTags: (ask) => roomQuestionOf(ask).tags,

  getCleanroomQuestionResultShares: (ask) => roomQuestionOf(ask).shares,

  upsertCleanRoomQuestionResultShares(ask) {
    const found = roomQuestionOf(ask);
    const given = ask.body as { PartnerID: string; PostRunQueryID?: string }[];
    const room = roomById(ask.world, found.roomId);
    const unknown = given.find(({ PartnerID }) => !room.partners.some(({ id }) => id === PartnerID));
    if (unknown !== undefined) return { success: false, message: "Partner is not in this clean room." };
    found.shares = given.map(({ PartnerID, PostRunQueryID = "" }) => ({
      id: uuidOf(found.id, PartnerID),
      PartnerID,
      PostRunQueryID,
    }));
    return { success: true };
  },

  getCleanroomQuestionParameters: (ask) => {
    const found = roomQuestionOf(ask);
    const question = questionOf(ask.world, found.questionId);
    const own = question.parameters.map(({ name, type, allowed, defaultValue }) => ({
      Name: name,
      DataType: type,
      ParameterType: "RUN_PARAMETER",
      DisplayName: name,
      HasConstraint: allowed !== undefined,
      ...(allowed === undefined ? {} : { ConstraintType: "ENFORCED_LIST", AllowedValues: allowed }),
      ...(defaultValue === undefined ? {} : { DefaultValue: defaultValue }),
    }));
    const partitions = partitionsOf(ask.world, found).map(({ name, dataType }) => ({
      Name: name,
      DataType: dataType,
      ParameterType: "PARTITION_PARAMETER",
      DisplayName: name,
      HasConstraint: false,
    }));
    return {
      name: question.title,
      displayId: found.displayId,
      parameters: [...own, ...partitions].map((one, Index) => ({ ...one, Index })),
    };
  },

  configureCleanRoomQuestionPermissions(ask) {
    const found = roomQuestionOf(ask);
    const given = ask.body as { permission: string; access: string }[];
    for (const { permission, access } of given) {
      const known = found.permissions.find((one) => one.permission === permission);
      if (known !== undefined) known.access = access;
      else found.permissions.push({ id: uuidOf(found.id, permission), permission, access });
    }
    return found.permissions;
  },

  getCleanroomQuestionPermissions: (ask) => roomQuestionOf(ask).permissions,
};

function shown(one: RoomQuestion, world: World) {
  const question = questionOf(world, one.questionId);
  return {
    id: one.id,
    name: question.title,
    displayId: one.displayId,
    questionType: question.list ? "LIST" : "ANALYTICAL",
    category: question.category,
    createdOn: iso(one.createdAt),
    status: statusOf(one),
    dataTypes: Object.fromEntries(
      question.dataTypes.map(({ macro, importDataType }) => [macro, importDataType]),
    ),
    parameters: Object.fromEntries(question.parameters.map(({ name, type }) => [name, type])),
    dimension: null,
    metrics: {},
    cleanroomId: one.roomId,
    ownerOrganizationId: question.ownerId,
    customerQueryTemplate: question.sql,
    questionId: question.id,
  };
}
