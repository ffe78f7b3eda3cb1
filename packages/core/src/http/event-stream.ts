import type { ServerEvent } from "./events.ts";

export interface EventStreamOptions {
  /** Starts listening; returns the way to stop. */
  readonly subscribe: (listener: (event: ServerEvent) => void) => () => void;
  readonly signal: AbortSignal;
  readonly keepAliveMs?: number;
}

/** Bytes a reader may fall behind before it is cut off; it reconnects and reads the state anew. */
const maxBehind = 1_000_000;

/** Server-sent events: `event:` is the kind, `data:` the event as JSON without its audience. */
export function eventStream(options: EventStreamOptions): Response {
  const encoder = new TextEncoder();
  let forget: () => void = () => undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        const end = () => {
          forget();
          controller.close();
        };
        const unsubscribe = options.subscribe(({ audience: _, ...event }) => {
          write(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
          if ((controller.desiredSize ?? 0) <= 0) end();
        });
        const beat = setInterval(() => write(": keepalive\n\n"), options.keepAliveMs ?? 15_000);
        beat.unref();
        forget = () => {
          clearInterval(beat);
          unsubscribe();
          options.signal.removeEventListener("abort", end);
        };
        options.signal.addEventListener("abort", end, { once: true });
        write(": connected\n\n");
        if (options.signal.aborted) end();
      },
      cancel() {
        forget();
      },
    },
    { highWaterMark: maxBehind, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
