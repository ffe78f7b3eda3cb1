import { invalidParams } from "./rpc-error.ts";

/** A place in a list of lists. It carries no right to anything, so it is not signed. */
export interface ListPlace {
  readonly list: number;
  readonly item: number;
}

export function encodePlace(place: ListPlace): string {
  return Buffer.from(`${place.list}.${place.item}`).toString("base64url");
}

/** Throws InvalidParams for a cursor this server did not make. */
export function decodePlace(cursor: string | undefined): ListPlace {
  if (cursor === undefined) return { list: 0, item: 0 };
  const match = /^(\d{1,6})\.(\d{1,9})$/.exec(Buffer.from(cursor, "base64url").toString("utf8"));
  if (match === null) throw invalidParams("The cursor is not one of this server.");
  return { list: Number(match[1]), item: Number(match[2]) };
}
