import type { ServerResponse } from "node:http";
import { ToolError } from "@mcp-data/core";
import { createPlaces } from "@mcp-data/core/http";
import { byteRange } from "./results/byte-range.ts";
import type { OpenResult, StoredResult } from "./results/result-store.ts";

const pieceBytes = 256 * 1024;

export interface DownloadRequest {
  readonly method: string;
  readonly range: string | undefined;
  /** The part is wanted only of what the caller began with. */
  readonly ifRange: string | undefined;
  readonly outgoing: ServerResponse;
  readonly signal: AbortSignal;
}

export interface DownloadLimits {
  /** At once, in all and for one person: each holds a file and a piece of it. */
  readonly total: number;
  readonly perPerson: number;
  /** Milliseconds without a byte taken, after which a download is given up. */
  readonly idleMs: number;
}

const defaults: DownloadLimits = { total: 64, perPerson: 4, idleMs: 60_000 };

/** Sends whole results, as fast as they are taken. */
export function createDownloads(limits: Partial<DownloadLimits> = {}) {
  const { total, perPerson, idleMs } = { ...defaults, ...limits };
  const places = createPlaces(total, perPerson);

  return async (result: StoredResult, request: DownloadRequest): Promise<Response> => {
    const { outgoing } = request;
    const etag = `"${result.id}"`;
    const headers = {
      "content-type": "application/x-ndjson",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
      "accept-ranges": "bytes",
      etag,
    };
    const same = request.ifRange === undefined || request.ifRange === etag;
    const range = same ? byteRange(request.range, result.bytes) : undefined;
    if (range === "unsatisfiable") {
      const text = `The result has ${result.bytes} bytes.\n`;
      const plain = { ...headers, "content-type": "text/plain", "content-range": `bytes */${result.bytes}` };
      return new Response(text, { status: 416, headers: plain });
    }
    const { from, to } = range ?? { from: 0, to: result.bytes };
    const status = range === undefined ? 200 : 206;
    const told = {
      ...headers,
      "content-length": String(to - from),
      ...(range === undefined ? {} : { "content-range": `bytes ${from}-${to - 1}/${result.bytes}` }),
    };
    if (request.method === "HEAD") return new Response(null, { status, headers: told });

    const leave = places.take(result.owner);
    if (leave === undefined) {
      throw new ToolError("RATE_LIMITED", `At most ${perPerson} downloads run at once for one person.`, {
        hint: "Wait until one of yours has ended.",
        retryAfterMs: 1_000,
      });
    }
    let open: OpenResult;
    try {
      open = await result.open();
    } catch (error) {
      leave();
      throw error;
    }
    const end = async () => {
      leave();
      await open.close();
    };
    if (request.signal.aborted) {
      await end();
      throw new ToolError("CANCELLED", "The client is gone.");
    }
    // A client that stops reading would hold its place for ever.
    outgoing.setTimeout(idleMs, () => outgoing.destroy());
    return new Response(bodyOf(open, from, to, end), { status, headers: told });
  };
}

function bodyOf(open: OpenResult, from: number, to: number, end: () => Promise<void>) {
  let at = from;
  const next = async () => {
    const piece = await open.read(at, Math.min(pieceBytes, to - at));
    at += piece.length;
    if (piece.length === 0 && at < to) throw new Error("The result ended early.");
    return piece;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await next().catch(async (error) => {
          await end();
          throw error;
        });
        if (piece.length > 0) controller.enqueue(piece);
        if (at < to) return;
        await end();
        controller.close();
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
