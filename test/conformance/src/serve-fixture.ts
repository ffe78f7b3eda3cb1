import { createEventHub, silentLog, stopOnSignal } from "@mcp-data/core/http";
import { serveBound } from "@mcp-data/core/mcp";
import { createFixture } from "./fixture/server.ts";

const events = createEventHub();
const handle = await serveBound("conformance-fixture", createFixture(events), () => true, {
  host: "127.0.0.1",
  port: 0,
  events,
  log: silentLog,
});
stopOnSignal(() => handle.close());
process.stdout.write(`${handle.url}\n`);
