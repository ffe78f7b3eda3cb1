import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { refuse } from "./refusal.ts";

export type Body =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: Response };

/** Reads a JSON body of at most `maxBytes`; what is larger is refused before it is held or parsed. */
export async function readJsonBody(headers: Headers, stream: Readable, maxBytes: number): Promise<Body> {
  const type = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    return refused(refuse("VALIDATION_ERROR", "Content-Type must be application/json.", { status: 415 }));
  }
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity") {
    return refused(refuse("VALIDATION_ERROR", "Compressed bodies are not accepted.", { status: 415 }));
  }
  if (Number(headers.get("content-length") ?? 0) > maxBytes) return tooLarge(maxBytes);
  const bytes = await readAtMost(stream, maxBytes);
  if (bytes === "too_large") return tooLarge(maxBytes);
  if (bytes === "broken") return unparsable("The body ended early.");
  if (!isUtf8(bytes)) return unparsable("The body is not valid UTF-8.");
  try {
    return { ok: true, value: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return unparsable("The body is not valid JSON.");
  }
}

/** From Node's own stream: one of the web kind costs more than everything else about a small request. */
function readAtMost(stream: Readable, maxBytes: number): Promise<Buffer | "too_large" | "broken"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      stream.off("data", onData);
      // What still comes is dropped until the refusal has closed the connection.
      stream.resume();
      resolve("too_large");
    };
    stream.on("data", onData);
    stream.once("end", () => resolve(Buffer.concat(chunks, size)));
    stream.once("error", () => resolve("broken"));
    stream.once("close", () => resolve("broken"));
  });
}

function tooLarge(maxBytes: number): Body {
  return refused(
    refuse("VALIDATION_ERROR", `The body is larger than ${maxBytes} bytes.`, {
      status: 413,
      headers: { connection: "close" },
    }),
  );
}

function unparsable(message: string): Body {
  return refused(refuse("VALIDATION_ERROR", `Parse error: ${message}`, { rpcCode: -32_700 }));
}

function refused(refusal: Response): Body {
  return { ok: false, refusal };
}
