import { expect, test } from "vitest";
import { eventStream } from "./event-stream.ts";
import { createEventHub } from "./events.ts";

function open(keepAliveMs?: number) {
  const hub = createEventHub();
  let listeners = 0;
  const stop = new AbortController();
  const response = eventStream({
    subscribe(listener) {
      listeners += 1;
      const unsubscribe = hub.subscribe(listener);
      return () => {
        listeners -= 1;
        unsubscribe();
      };
    },
    signal: stop.signal,
    ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
  });
  return { hub, stop, response, listeners: () => listeners };
}

test("writes events without their audience, and ends when told", async () => {
  const { hub, stop, response, listeners } = open();
  hub.publish({ kind: "notice", name: "row\nadded", data: { n: 1 }, audience: { tenant: "secret" } });
  hub.publish({ kind: "resource_updated", uri: "a://b" });
  stop.abort();
  expect(await response.text()).toBe(
    [
      ": connected\n\n",
      'event: notice\ndata: {"kind":"notice","name":"row\\nadded","data":{"n":1}}\n\n',
      'event: resource_updated\ndata: {"kind":"resource_updated","uri":"a://b"}\n\n',
    ].join(""),
  );
  expect(listeners()).toBe(0);
  hub.publish({ kind: "tools_changed" });
});

test("stops listening when its reader goes", async () => {
  const { hub, response, listeners } = open();
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(listeners()).toBe(0);
  hub.publish({ kind: "tools_changed" });
});

test("beats while nothing happens", async () => {
  const { stop, response } = open(10);
  await new Promise((resolve) => setTimeout(resolve, 40));
  stop.abort();
  expect((await response.text()).match(/: keepalive/g)?.length).toBeGreaterThan(1);
});

test("cuts off a reader that falls too far behind", () => {
  const { hub, listeners } = open();
  const data = { text: "x".repeat(100_000) };
  for (let n = 0; n < 30; n += 1) hub.publish({ kind: "notice", name: "n", data });
  expect(listeners()).toBe(0);
});

test("a stream of a server that already stops is over", async () => {
  const response = eventStream({ subscribe: () => () => undefined, signal: AbortSignal.abort() });
  expect(await response.text()).toBe(": connected\n\n");
});
