import { uuidOf } from "../random.ts";
import type { PartitionParameter, Question, Room, RoomQuestion, Schedule, World } from "../world.ts";
import {
  administeredRoom,
  type Handlers,
  iso,
  pageOf,
  questionOf,
  refuse,
  roomOf,
  roomQuestionOf,
} from "./handler.ts";

const permissionWords = ["VIEW_CODE", "EDIT", "CLONE", "RUN", "VIEW_RESULTS", "DELETE"];

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

  getCleanroomQuestionRunSchedules: (ask) =>
    roomQuestionOf(ask).schedules.map((one) => schedule(one, ask.now)),

  getCleanroomQuestionRunScheduleById: (ask) => schedule(scheduleOf(roomQuestionOf(ask), ask.path), ask.now),

  createCleanroomQuestionRunSchedule(ask) {
    const made: Schedule = {
      id: ask.world.nextId("schedule"),
      name: "",
      parameters: [],
      start: ask.now,
      end: undefined,
      frequency: "DAILY",
      days: [],
      monthDays: [],
      createdAt: ask.now,
      modifiedAt: ask.now,
      doneUntil: ask.now,
    };
    change(made, ask.body, ask.now);
    roomQuestionOf(ask).schedules.push(made);
    return { id: made.id };
  },

  patchCleanroomQuestionRunScheduleById(ask) {
    const found = scheduleOf(roomQuestionOf(ask), ask.path);
    change(found, ask.body, ask.now);
    return { id: found.id };
  },

  deleteCleanroomQuestionRunScheduleById(ask) {
    const question = roomQuestionOf(ask);
    question.schedules.splice(question.schedules.indexOf(scheduleOf(question, ask.path)), 1);
    return { success: true };
  },
};

export function attach(world: World, roomId: string, question: Question, now: number): RoomQuestion {
  const id = world.nextId("room-question");
  const made: RoomQuestion = {
    id,
    displayId: `CRQ-${3000 + (world.counters["room-question"] ?? 0)}`,
    roomId,
    questionId: question.id,
    bindings: question.dataTypes.map(({ macro }) => ({
      macro,
      owner: undefined,
      datasetId: undefined,
      fields: [],
      assignedAt: undefined,
    })),
    permissions: permissionWords.map((permission) => ({
      id: uuidOf(id, permission),
      permission,
      access:
        permission === "RUN" || permission === "VIEW_RESULTS"
          ? "ALL_CLEAN_ROOM_PARTNERS"
          : "QUESTION_OWNER_ONLY",
    })),
    shares: [],
    schedules: [],
    runs: [],
    compute: "DEFAULT",
    tags: [],
    createdAt: now,
  };
  world.roomQuestions.push(made);
  return made;
}

export const statusOf = (one: RoomQuestion): string =>
  one.bindings.every(({ datasetId }) => datasetId !== undefined) ? "READY" : "MISSING_DATASETS";

/** Parameters a run needs because of how its datasets are partitioned. */
export function partitionsOf(world: World, one: RoomQuestion): PartitionParameter[] {
  const room = roomById(world, one.roomId);
  return one.bindings.flatMap(
    ({ datasetId }) => room.datasets.find((dataset) => dataset.id === datasetId)?.partitions ?? [],
  );
}

export function roomById(world: World, id: string): Room {
  return world.rooms.find((room) => room.id === id) ?? refuse(404, "Clean room not found.");
}

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

function scheduleOf(one: RoomQuestion, path: Readonly<Record<string, string>>): Schedule {
  return (
    one.schedules.find(({ id }) => id === path.cleanroomQuestionRunScheduleId) ??
    refuse(404, "Schedule not found.")
  );
}

function change(found: Schedule, body: Record<string, never>, now: number): void {
  if (body.name !== undefined) found.name = body.name;
  if (body.parameters !== undefined) found.parameters = body.parameters;
  if (body.repeatFrequency !== undefined) found.frequency = body.repeatFrequency;
  if (body.daysOfWeek !== undefined) found.days = body.daysOfWeek;
  if (body.repeatDayofMonth !== undefined) found.monthDays = body.repeatDayofMonth;
  if (body.startSchedule !== undefined) found.start = timeOf(body.startSchedule);
  if (body.endSchedule !== undefined)
    found.end = body.endSchedule === "" ? undefined : timeOf(body.endSchedule);
  if (found.name === "") refuse(400, "name is mandatory.");
  found.modifiedAt = now;
}

function timeOf(text: string): number {
  const at = Date.parse(text);
  return Number.isNaN(at) ? refuse(400, "startSchedule and endSchedule must be dates.") : at;
}

/** Read and written forms of a schedule differ: a map of parameters, other names for its bounds. */
function schedule(one: Schedule, now: number) {
  return {
    id: one.id,
    name: one.name,
    parameters: Object.fromEntries(
      one.parameters.map((each) => [
        String(each.name),
        {
          name: each.name,
          value: each.value,
          type: each.dataType,
          parameterType: each.parameterType,
          isStatic: each.dateType !== "RELATIVE",
          ...(each.dateQualifier === undefined ? {} : { qualifier: each.dateQualifier }),
        },
      ]),
    ),
    startDateTime: iso(one.start),
    ...(one.end === undefined ? {} : { endDateTime: iso(one.end) }),
    active: one.end === undefined || one.end > now,
    repeatFrequency: one.frequency,
    daysOfWeek: one.days,
    repeatDayofMonth: one.monthDays,
    createdDate: iso(one.createdAt),
    modifiedDate: iso(one.modifiedAt),
  };
}
