import type { Connection } from "../habu/connections.ts";
import { listIdentifiers, mapWith, readFields, sendMap } from "../habu/field-map.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function remap(work: Work<Input>, connection: Connection) {
  const { input, habu } = work;
  const fields = await readFields(habu, connection.id);
  const identifiers = await listIdentifiers(habu);
  const current = Object.fromEntries(
    fields.map((one) => [
      one.fieldName ?? "",
      { identifier: one.identifierType, exclude: one.isExcluded, pii: one.isPii, user_id: one.isUserIdField },
    ]),
  );
  if (input.mapping === undefined) {
    return work.ask(
      [
        {
          field: "mapping",
          why: "The fields to change; the others stay.",
          candidates: Object.keys(current).slice(0, 50),
        },
      ],
      { current_mapping: current, identifier_types: identifiers },
    );
  }
  const body = mapWith(fields, input.mapping, identifiers);
  const stop = await work.plan(
    [
      {
        step: "send field map",
        what: `${Object.keys(input.mapping).length} of ${fields.length} fields change`,
        effect: "questions that use these fields read them differently",
      },
    ],
    { before: current, changes: input.mapping },
  );
  if (stop !== undefined) return stop;
  const different = await work.step("map", "send field map", async () => ({
    value: await sendMap(habu, connection.id, body),
  }));
  if (different.length > 0) work.warn(`Read back differently: ${different.slice(0, 5).join(", ")}`);
  return work.end({
    summary: `The field map of ${connection.name} was sent${different.length === 0 ? " and read back" : ""}.`,
    result: { fields: body.length },
  });
}
