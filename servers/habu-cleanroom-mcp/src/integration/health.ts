import {
  type Connection,
  listConnections,
  readConnection,
  shownConnection,
  stateOf,
} from "../habu/connections.ts";
import { readFields } from "../habu/field-map.ts";
import { judgeConnection } from "../knowledge/connection-rules.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function health(work: Work<Input>) {
  const all = await listConnections(work.habu);
  const findings = all.flatMap((one) => judgeConnection(one, stateOf(one)) ?? []);
  const counts: Record<string, number> = {};
  for (const one of all) counts[stateOf(one)] = (counts[stateOf(one)] ?? 0) + 1;
  return work.end({
    summary: `${counts.ready ?? 0} of ${all.length} data connections are ready; ${findings.length} need attention.`,
    result: { states: counts, connections: all.map(shownConnection), findings },
    next: findings.slice(0, 3).flatMap(({ subject }) => {
      const id = all.find(({ name }) => name === subject)?.id;
      return id === undefined
        ? []
        : [
            {
              tool: "manage_data_integration",
              why: "find the cause",
              arguments: { action: "diagnose", connection: id },
            },
          ];
    }),
  });
}

export async function diagnose(work: Work<Input>, known: Connection) {
  const { habu } = work;
  const connection = await readConnection(habu, known.id);
  const fields = await readFields(habu, connection.id);
  const finding = judgeConnection(connection, stateOf(connection));
  const unmapped = fields.filter(
    ({ identifierType, isExcluded }) => !identifierType && isExcluded !== true,
  ).length;
  const userIds = fields.filter(({ isUserIdField }) => isUserIdField === true).length;
  return work.end({
    summary: finding === undefined ? `${connection.name} is ready.` : `${connection.name}: ${finding.cause}`,
    result: {
      connection: shownConnection(connection),
      settings: connection.settings,
      ...(finding === undefined ? {} : { finding }),
      fields: { total: fields.length, without_identifier: unmapped, user_id_fields: userIds },
    },
    next:
      finding === undefined
        ? []
        : [
            {
              tool: "manage_data_integration",
              why: "after the cause is removed",
              arguments: { action: "retry", connection: connection.id },
            },
          ],
  });
}
