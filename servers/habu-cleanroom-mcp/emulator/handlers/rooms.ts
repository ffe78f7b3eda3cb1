import { uuidOf } from "../random.ts";
import type { Room } from "../world.ts";
import { type Ask, administeredRoom, type Handlers, pageOf, refuse, roomOf, timeAudit } from "./handler.ts";

const types = [
  ["Hybrid", "Hybrid", true, true, false],
  ["Snowflake", "Snowflake", true, true, false],
  ["Databricks", "Databricks", false, true, false],
  ["AMC", "Amazon Marketing Cloud", true, true, true],
  ["HabuConfidentialComputing", "Confidential Computing", true, true, false],
] as const;

const typeId = (name: string): string => uuidOf("room-type", name);

export const roomHandlers: Handlers = {
  getHealth: () => ({
    status: "UP",
    statusCode: 200,
    description: "External API is available",
    version: "v1.0.0",
  }),

  getCleanroomTypes: () =>
    types.map(([name, displayName, listQuestionSupport, analyticalQuestionSupport, wallGarden]) => ({
      id: typeId(name),
      name,
      displayName,
      listQuestionSupport,
      analyticalQuestionSupport,
      wallGarden,
    })),

  getAllCleanrooms: ({ world, query }) => pageOf(world.rooms, query, 500).map((room) => shown(room, world)),

  getCleanroomById: (ask) => shown(roomOf(ask), ask.world),

  createCleanroom({ world, now, body }) {
    if (world.rooms.some((room) => room.name === body.name))
      refuse(409, "A clean room with this name exists.");
    checkRanges(body.parameters);
    if (!types.some(([name]) => name === body.type)) refuse(400, "Clean room type is not available.");
    const id = world.nextId("room");
    const room: Room = {
      id,
      displayId: `CR-${1000 + (world.counters.room ?? 0)}`,
      name: body.name,
      description: body.description ?? "",
      startAt: body.startAt,
      endAt: body.endAt ?? "",
      type: body.type,
      parameters: { ...body.parameters },
      status: "COMPLETE",
      createdAt: now,
      admin: true,
      partners: [],
      members: world.users
        .slice(0, 1)
        .map(({ person }) => ({ id: uuidOf(id, person.id), person, role: "Administrator" })),
      invitations: [],
      datasets: [],
      destinations: new Map(),
      exportJobs: [],
      flows: [],
    };
    world.rooms.push(room);
    return shown(room, world);
  },

  updateCleanroom(ask) {
    const room = roomOf(ask);
    const { body } = ask;
    checkRanges(body.parameters);
    Object.assign(room, {
      name: body.name,
      startAt: body.startAt,
      type: body.type,
      ...(body.description === undefined ? {} : { description: body.description }),
      ...(body.endAt === undefined ? {} : { endAt: body.endAt }),
      ...(body.parameters === undefined ? {} : { parameters: { ...body.parameters } }),
    });
    return shown(room, ask.world);
  },

  deleteCleanroom(ask) {
    const room = roomOf(ask);
    ask.world.rooms.splice(ask.world.rooms.indexOf(room), 1);
    ask.world.roomQuestions = ask.world.roomQuestions.filter((one) => one.roomId !== room.id);
    return { success: true };
  },

  getCleanroomAssetDetails(ask) {
    const room = administeredRoom(ask);
    const { world } = ask;
    return {
      questions: world.roomQuestions
        .filter((one) => one.roomId === room.id)
        .flatMap((one) => {
          const question = world.questions.find((each) => each.id === one.questionId);
          if (question === undefined) return [];
          return [
            {
              ID: question.id,
              displayID: question.displayId,
              title: question.title,
              category: question.category,
              description: question.description,
              parameters: question.parameters.map(({ name, type }, index) => ({
                name,
                displayName: name,
                type,
                index,
              })),
              dataTypes: question.dataTypes.map(({ macro, importDataType, fields }) => ({
                macro,
                importDataType,
                fields,
              })),
            },
          ];
        }),
      datasets: room.datasets.map((dataset) => ({
        ID: dataset.id,
        name: dataset.name,
        organizationID: dataset.organisation.id,
        organizationName: dataset.organisation.name,
        dataImportType: dataset.importType,
        fields: dataset.fields.map(({ name, type }) => ({ fieldName: name, dataType: type })),
      })),
      computeCapacityOptions: [{ name: "DEFAULT" }, { name: "LARGE" }],
      stakeholders: stakeholders(ask),
    };
  },

  getCleanroomStakeholders: stakeholders,
};

export function stakeholders(ask: Ask) {
  const room = administeredRoom(ask);
  return [
    {
      organizationId: ask.world.organisation.id,
      organizationName: ask.world.organisation.name,
      ownership: "OWNER",
    },
    ...room.partners.map(({ organisation }) => ({
      organizationId: organisation.id,
      organizationName: organisation.name,
      ownership: "PARTNER",
    })),
  ];
}

/** Reads leave out region, cloud and the privacy settings, and may count questions wrongly: so does the platform. */
function shown(room: Room, world: Ask["world"]) {
  return {
    id: room.id,
    displayId: room.displayId,
    name: room.name,
    description: room.description,
    ownerOrganization: world.organisation.name,
    partners: room.partners.map(({ organisation }) => organisation.name),
    startAt: room.startAt,
    endAt: room.endAt,
    questionsCount: 0,
    status: room.status,
    cleanRoomParameters:
      "ENABLE_EXPORT" in room.parameters ? { ENABLE_EXPORT: room.parameters.ENABLE_EXPORT } : {},
    timeAudit: timeAudit(room.createdAt),
    cleanRoomTypeId: typeId(room.type),
  };
}

function checkRanges(parameters: Record<string, string> | undefined): void {
  for (const [name, high] of [
    ["DATA_DECIBEL", 10],
    ["CROWD_SIZE", 100],
  ] as const) {
    const given = parameters?.[name];
    if (given === undefined) continue;
    if (!/^\d+$/.test(given) || Number(given) < 1 || Number(given) > high) {
      refuse(400, `${name} must be an integer between 1 and ${high}.`);
    }
  }
}
