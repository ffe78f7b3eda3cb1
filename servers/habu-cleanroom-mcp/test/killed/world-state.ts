import type { World } from "../../emulator/world.ts";

/** What exists, by names: equal for two worlds in which the same was done once. */
export function worldState(world: World) {
  const datasets = new Map(world.rooms.flatMap((room) => room.datasets.map(({ id, name }) => [id, name])));
  const partners = new Map(
    world.rooms.flatMap((room) => room.partners.map(({ id, organisation }) => [id, organisation.name])),
  );
  const titles = new Map(world.questions.map(({ id, title }) => [id, title]));
  const rooms = new Map(world.rooms.map(({ id, displayId }) => [id, displayId]));
  return {
    rooms: world.rooms.map((room) => ({
      name: room.name,
      description: room.description,
      end: room.endAt,
      parameters: room.parameters,
      members: sorted(room.members.map(({ person, role }) => `${person.email} ${role}`)),
      partners: sorted(
        room.partners.flatMap(({ organisation, members }) => [
          organisation.name,
          ...members.map(({ person, role }) => `${person.email} ${role}`),
        ]),
      ),
      invitations: sorted(room.invitations.map(({ email, status }) => `${email} ${status}`)),
      datasets: sorted(
        room.datasets.map(
          (one) => `${one.name} ${one.partnerCanAssign} ${JSON.stringify(one.filters.map(withoutId))}`,
        ),
      ),
      destinations: room.destinations.size,
      exports: sorted(room.exportJobs.map(({ partnerAccountId, status }) => `${partnerAccountId} ${status}`)),
      flowRuns: room.flows.map(({ runs }) => runs.map(({ nodeParameters }) => nodeParameters)),
    })),
    connections: world.connections.map(({ name, configuration, fields, outcome }) => ({
      name,
      configuration,
      fields: fields.map(withoutId),
      outcome,
    })),
    questions: sorted(world.questions.map(({ title }) => title)),
    roomQuestions: world.roomQuestions.map((one) => ({
      room: rooms.get(one.roomId),
      title: titles.get(one.questionId),
      bindings: one.bindings.map(({ macro, owner, datasetId, fields }) => ({
        macro,
        owner: owner?.name,
        dataset: datasets.get(datasetId ?? ""),
        fields,
      })),
      permissions: sorted(one.permissions.map(({ permission, access }) => `${permission} ${access}`)),
      shares: sorted(one.shares.map(({ PartnerID }) => partners.get(PartnerID) ?? PartnerID)),
      schedules: one.schedules.map(({ name, frequency, days, monthDays, start, parameters }) => ({
        name,
        frequency,
        days,
        monthDays,
        start,
        parameters,
      })),
      runs: one.runs.map(({ parameters }) => parameters),
      compute: one.compute,
    })),
    credentials: world.credentials.map(({ name, values }) => ({ name, values })),
  };
}

const sorted = (lines: readonly string[]): string[] => [...lines].sort();

function withoutId({ id: _, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}
