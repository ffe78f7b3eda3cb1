/** Frontend messages of the PostgreSQL protocol 3.0, text format, unnamed statement and portal only. */

export function parseMessage(text: string): Buffer {
  // A NUL would end the string early for the server, and the rest would be read as other fields.
  if (text.includes("\0")) throw new RangeError("SQL text must not contain a NUL character");
  const size = Buffer.byteLength(text);
  const bytes = message("P", size + 4);
  bytes[5] = 0;
  bytes.write(text, 6);
  bytes.fill(0, 6 + size);
  return bytes;
}

/** Values are in the server's text form; null is SQL NULL. */
export function bindMessage(values: readonly (string | null)[]): Buffer {
  const sizes = values.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const bytes = message(
    "B",
    sizes.reduce((sum, size) => sum + size + 4, 8),
  ).fill(0, 5);
  bytes.writeUInt16BE(values.length, 9);
  let at = 11;
  for (const [n, value] of values.entries()) {
    const size = sizes[n] ?? 0;
    bytes.writeInt32BE(value === null ? -1 : size, at);
    if (value !== null) bytes.write(value, at + 4);
    at += 4 + size;
  }
  return bytes;
}

/** Asks for the row description of the portal just bound. */
export function describePortalMessage(): Buffer {
  return describeMessage("P");
}

/** Asks for the parameter types of the statement just parsed. */
export function describeStatementMessage(): Buffer {
  return describeMessage("S");
}

/** `rows` 0 means all; otherwise the portal is suspended after that many. */
export function executeMessage(rows: number): Buffer {
  const bytes = message("E", 5);
  bytes[5] = 0;
  bytes.writeInt32BE(rows, 6);
  return bytes;
}

/** Ends a group: after an error the server skips everything up to here. */
export function syncMessage(): Buffer {
  return message("S", 0);
}

function describeMessage(what: "P" | "S"): Buffer {
  const bytes = message("D", 2);
  bytes.write(what, 5);
  bytes[6] = 0;
  return bytes;
}

/** The body is left to be written, every byte of it. */
function message(type: string, bodySize: number): Buffer {
  const bytes = Buffer.allocUnsafe(bodySize + 5);
  bytes.write(type);
  bytes.writeInt32BE(bodySize + 4, 1);
  return bytes;
}
