import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { ToolError } from "@mcp-data/core";

export interface OpenedBody {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Fails with UPSTREAM_ERROR when it breaks off or goes silent. */
  readonly body: AsyncIterable<Uint8Array> & { destroy(): void };
  /** The beginning of an error's text. */
  text(): Promise<string>;
}

/** A signed GET whose bytes come as they are stored: fetch would unpack what is marked as compressed. */
export async function openBody(signed: Request, silenceMs: number): Promise<OpenedBody> {
  const url = new URL(signed.url);
  const send = url.protocol === "https:" ? secureRequest : plainRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // A connection of its own: it is cut when it goes silent.
    const request = send(url, {
      headers: Object.fromEntries(signed.headers),
      timeout: silenceMs,
      agent: false,
    });
    request.once("response", resolve);
    request.once("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", (cause) => reject(noAnswer(cause)));
    request.end();
  });
  response.setTimeout(silenceMs, () => response.destroy(new Error("it went silent")));
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: {
      destroy: () => response.destroy(),
      async *[Symbol.asyncIterator]() {
        try {
          yield* response;
        } catch (cause) {
          throw noAnswer(cause);
        }
      },
    },
    async text() {
      let text = "";
      for await (const chunk of response) {
        text += chunk;
        if (text.length > 10_000) break;
      }
      return text;
    },
  };
}

function noAnswer(cause: unknown): ToolError {
  return new ToolError("UPSTREAM_ERROR", "The bucket did not answer.", {
    retryAfterMs: 1_000,
    details: { reason: "no_answer" },
    cause,
  });
}
