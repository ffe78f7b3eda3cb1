import { ToolError } from "@mcp-data/core";
import type { Habu } from "../client/habu-client.ts";
import { repeatUntilKnown } from "../client/settle.ts";
import type { Received, ToSend } from "../contract/types.ts";
import { nearest } from "./near.ts";

export interface FieldChoice {
  readonly identifier?: string | undefined;
  readonly user_id?: boolean | undefined;
  readonly pii?: boolean | undefined;
  readonly exclude?: boolean | undefined;
}

type Field = Received<"FieldConfiguration">;

/** Names that tell what a field identifies; the first that fits wins. */
const guesses: readonly (readonly [RegExp, FieldChoice])[] = [
  [/sha256|(^|_)hem($|_)|hashed_email/i, { identifier: "Email SHA256 Hashed", pii: false }],
  [/md5/i, { identifier: "Email MD5 Hashed", pii: false }],
  [/ramp_?id/i, { identifier: "RampID", user_id: true }],
  [/e?mail/i, { identifier: "Raw Email", pii: true }],
  [/maid|idfa|gaid|device_?id/i, { identifier: "Mobile Device Identifier" }],
  [/(^|_)ip(_|$)|ip_address/i, { identifier: "IP Address", pii: true }],
  [/zip|postal/i, { identifier: "Postal Code" }],
  [/^(customer|user|member|client)_?id$/i, { identifier: "Customer First Party Identifier", user_id: true }],
  [/first_?name/i, { identifier: "First Name", pii: true }],
  [/last_?name|surname/i, { identifier: "Last Name", pii: true }],
  [/phone/i, { identifier: "phone", pii: true }],
];

/** What each field most likely is: told to the user, not sent without their word. */
export function proposeMap(
  fields: readonly Field[],
  identifiers: readonly string[],
): Record<string, FieldChoice> {
  let hasUserId = false;
  return Object.fromEntries(
    fields.map(({ fieldName = "", identifierType }) => {
      const known: FieldChoice = identifierType ? { identifier: identifierType } : {};
      const guess = identifierType
        ? known
        : (guesses.find(
            ([pattern, { identifier = "" }]) => pattern.test(fieldName) && identifiers.includes(identifier),
          )?.[1] ?? {});
      const userId = guess.user_id === true && !hasUserId;
      hasUserId ||= userId;
      return [fieldName, { ...guess, ...(guess.user_id === undefined ? {} : { user_id: userId }) }];
    }),
  );
}

export async function readFields(habu: Habu, connectionId: string): Promise<Field[]> {
  return habu.call(
    "getAllFieldConfigurations",
    { path: { dataConnectionId: connectionId } },
    { fresh: true },
  );
}

/** The whole array with the choices in it: the platform takes nothing less. */
export function mapWith(
  fields: readonly Field[],
  choices: Readonly<Record<string, FieldChoice>>,
  identifiers: readonly string[],
): ToSend<"FieldConfigurations"> {
  const names = fields.map(({ fieldName = "" }) => fieldName);
  for (const [name, { identifier }] of Object.entries(choices)) {
    if (!names.includes(name))
      throw badMap(`"${name.slice(0, 60)}" is no field of this data connection`, nearest(name, names));
    if (identifier !== undefined && identifier !== "" && !identifiers.includes(identifier)) {
      throw badMap(`"${identifier.slice(0, 60)}" is no identifier type`, nearest(identifier, identifiers));
    }
  }
  return fields.map((field) => {
    const choice = choices[field.fieldName ?? ""] ?? {};
    return {
      ...(field.id === undefined ? {} : { id: field.id }),
      fieldName: field.fieldName ?? "",
      dataType: field.dataType ?? "STRING",
      identifierType: choice.identifier ?? field.identifierType ?? "",
      delimiter: field.delimiter ?? "",
      isPii: choice.pii ?? field.isPii ?? false,
      isUserIdField: choice.user_id ?? field.isUserIdField ?? false,
      isExcluded: choice.exclude ?? field.isExcluded ?? false,
      ...(field.isPartitionColumn === undefined ? {} : { isPartitionColumn: field.isPartitionColumn }),
      ...(field.partitionFieldConfig === undefined
        ? {}
        : { partitionFieldConfig: field.partitionFieldConfig }),
    };
  }) as ToSend<"FieldConfigurations">;
}

export async function listIdentifiers(habu: Habu): Promise<string[]> {
  return (await habu.call("getAllIdentifierTypes", {})).map(({ name = "" }) => name);
}

/** Sends the map and reads it back; gives the fields that came back otherwise. */
export async function sendMap(
  habu: Habu,
  connectionId: string,
  body: ToSend<"FieldConfigurations">,
): Promise<string[]> {
  await repeatUntilKnown(
    () => habu.call("mapFieldConfigurations", { path: { dataConnectionId: connectionId }, body }),
    async () => undefined,
  );
  const seen = await readFields(habu, connectionId);
  return body.flatMap((sent) => {
    const back = seen.find(({ fieldName }) => fieldName === sent.fieldName);
    const same =
      back !== undefined &&
      (back.identifierType ?? "") === sent.identifierType &&
      (back.isExcluded ?? false) === sent.isExcluded;
    return same ? [] : [sent.fieldName ?? ""];
  });
}

function badMap(message: string, near: readonly string[]): ToolError {
  return new ToolError("VALIDATION_ERROR", `${message}.`, {
    hint: near.length === 0 ? "Read the fields first." : `Near: ${near.join(", ")}.`,
    details: { reason: "BAD_MAP", near },
  });
}
