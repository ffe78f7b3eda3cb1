import { isUtf8 } from "node:buffer";
import { refuse } from "./refusal.ts";

export type Body =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: Response };

/** Reads a JSON body of at most `maxBytes`; what is larger is refused before it is held or parsed. */
export async function readJsonBody(request: Request, maxBytes: number): Promise<Body> {
  const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    return refused(refuse("VALIDATION_ERROR", "Content-Type must be application/json.", { status: 415 }));
  }
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity") {
    return refused(refuse("VALIDATION_ERROR", "Compressed bodies are not accepted.", { status: 415 }));
  }
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) return tooLarge(maxBytes);
  const bytes = await readAtMost(request, maxBytes);
  if (bytes === "too_large") return tooLarge(maxBytes);
  if (bytes === "broken") return unparsable("The body ended early.");
  if (!isUtf8(bytes)) return unparsable("The body is not valid UTF-8.");
  try {
    return { ok: true, value: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return unparsable("The body is not valid JSON.");
  }
}

async function readAtMost(request: Request, maxBytes: number): Promise<Buffer | "too_large" | "broken"> {
  if (request.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return Buffer.concat(chunks, size);
      size += value.byteLength;
      if (size > maxBytes) {
        reader.cancel().catch(() => undefined);
        return "too_large";
      }
      chunks.push(value);
    }
  } catch {
    return "broken";
  }
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
