/** Frontend messages of the PostgreSQL protocol 3.0, text format, unnamed statement and portal only. */

export function parseMessage(text: string): Buffer {
  return message("P", [cstring(""), cstring(text), int16(0)]);
}

/** Values are in the server's text form; null is SQL NULL. */
export function bindMessage(values: readonly (string | null)[]): Buffer {
  const parts = [cstring(""), cstring(""), int16(0), int16(values.length)];
  for (const value of values) {
    if (value === null) {
      parts.push(int32(-1));
      continue;
    }
    const bytes = Buffer.from(value, "utf8");
    parts.push(int32(bytes.length), bytes);
  }
  parts.push(int16(0));
  return message("B", parts);
}

/** Asks for the row description of the portal just bound. */
export function describePortalMessage(): Buffer {
  return message("D", [Buffer.from("P"), cstring("")]);
}

/** Asks for the parameter types of the statement just parsed. */
export function describeStatementMessage(): Buffer {
  return message("D", [Buffer.from("S"), cstring("")]);
}

/** `rows` 0 means all; otherwise the portal is suspended after that many. */
export function executeMessage(rows: number): Buffer {
  return message("E", [cstring(""), int32(rows)]);
}

/** A whole statement by the simple protocol; only ever for constants of ours. */
export function queryMessage(text: string): Buffer {
  return message("Q", [cstring(text)]);
}

/** Ends a group: after an error the server skips everything up to here. */
export function syncMessage(): Buffer {
  return message("S", []);
}

function message(type: string, parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return Buffer.concat([Buffer.from(type), int32(length), ...parts], length + 1);
}

// A NUL would end the string early for the server, and the rest would be read as other fields.
function cstring(text: string): Buffer {
  if (text.includes("\0")) throw new RangeError("SQL text must not contain a NUL character");
  return Buffer.from(`${text}\0`, "utf8");
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
