import type { Cell } from "../../engine/engine.ts";
import { parseArray } from "./array-text.ts";
import { exactJson, exactNumber, floatNumber } from "./numbers.ts";
import { oid, type ServerTypes } from "./types.ts";

/** A value of one column, from the server's text to JSON; the second part says that it was shortened. */
export type CellReader = (text: string) => { readonly cell: Cell; readonly cut: boolean };

/** `maxChars` bounds what is returned of one value; longer values of every type become shortened text. */
export function cellReader(types: ServerTypes, typeOid: number, maxChars: number): CellReader {
  if (typeOid === oid.bytea) return (text) => bytes(text, maxChars);
  const convert = converter(types, typeOid);
  return (text) =>
    text.length > maxChars ? { cell: clip(text, maxChars), cut: true } : { cell: convert(text), cut: false };
}

function converter(types: ServerTypes, typeOid: number): (text: string) => Cell {
  switch (typeOid) {
    case oid.bool:
      return (text) => text === "t";
    case oid.int2:
    case oid.int4:
    case oid.oid:
      return Number;
    case oid.int8:
    case oid.numeric:
      return exactNumber;
    case oid.float4:
    case oid.float8:
      return floatNumber;
    case oid.json:
    case oid.jsonb:
      return (text) => exactJson(text) as Cell;
    case oid.bytea:
      return base64;
  }
  const type = types.get(typeOid);
  if (type?.element === undefined) return (text) => text;
  const item = converter(types, type.element);
  return (text) => parseArray(text, types.get(type.element ?? 0)?.delimiter ?? ",", item);
}

function base64(hex: string): string {
  return Buffer.from(hex.slice(2), "hex").toString("base64");
}

function bytes(hex: string, maxChars: number): { cell: Cell; cut: boolean } {
  // Whole groups of three bytes keep the shortened base64 decodable.
  const most = Math.floor(maxChars / 4) * 3;
  const size = (hex.length - 2) / 2;
  if (size <= most) return { cell: base64(hex), cut: false };
  return { cell: base64(hex.slice(0, 2 + most * 2)), cut: true };
}

/** Never leaves half of a surrogate pair. */
function clip(text: string, maxChars: number): string {
  const last = text.charCodeAt(maxChars - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? maxChars - 1 : maxChars);
}
