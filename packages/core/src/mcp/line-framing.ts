import { isUtf8 } from "node:buffer";

export type Line =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "not_utf8" }
  /** `edges`: how the line began and ended, where its JSON-RPC id may stand. */
  | { readonly kind: "too_long"; readonly edges: { readonly head: string; readonly tail: string } };

export interface LineFraming {
  /** The lines this chunk completes. */
  push(chunk: Buffer): Line[];
}

const newline = 0x0a;
const edgeBytes = 256;

/** Cuts bytes into lines. A line above `maxBytes` is never held: only its edges are. */
export function createLineFraming(maxBytes: number): LineFraming {
  let parts: Buffer[] = [];
  let size = 0;
  let head: Buffer | undefined;
  let tail: Buffer = Buffer.alloc(0);

  const add = (part: Buffer) => {
    size += part.length;
    if (size <= maxBytes) {
      parts.push(part);
      return;
    }
    if (head === undefined) {
      const held = Buffer.concat([...parts, part]);
      head = Buffer.from(held.subarray(0, edgeBytes));
      tail = Buffer.from(held.subarray(-edgeBytes));
      parts = [];
    } else {
      tail = Buffer.from(Buffer.concat([tail, part]).subarray(-edgeBytes));
    }
  };

  const take = (): Line | undefined => {
    const line = head === undefined ? whole(parts, size) : cut(head, tail);
    parts = [];
    size = 0;
    head = undefined;
    tail = Buffer.alloc(0);
    return line;
  };

  return {
    push(chunk) {
      const lines: Line[] = [];
      let from = 0;
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
        add(chunk.subarray(from, at));
        const line = take();
        if (line !== undefined) lines.push(line);
        from = at + 1;
      }
      if (from < chunk.length) add(chunk.subarray(from));
      return lines;
    },
  };
}

/** Undefined for a blank line. */
function whole(parts: Buffer[], size: number): Line | undefined {
  const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size);
  if (!isUtf8(bytes)) return { kind: "not_utf8" };
  const text = bytes.toString("utf8");
  return text.trim() === "" ? undefined : { kind: "text", text };
}

function cut(head: Buffer, tail: Buffer): Line {
  return { kind: "too_long", edges: { head: head.toString("utf8"), tail: tail.toString("utf8") } };
}
