import { createCaller, createLogger } from "@mcp-data/core";
import { parseBind, stopOnSignal } from "@mcp-data/core/http";
import { serveHttp, serveStdio } from "@mcp-data/core/mcp";
import { catalogue } from "./catalogue.ts";
import { openServices } from "./services.ts";

// usage: main.ts [HOST:PORT]    without an address: stdio
const address = process.argv[2];
const log = createLogger({ server: catalogue.name, level: "warn" });
const services = openServices();
const caller = createCaller({
  server: catalogue.name,
  tools: catalogue.tools,
  services,
  audit: { record: async (event) => log.debug("called", { ...event }) },
  onDefect: (err, request_id) => log.error("a call failed", { err, request_id }),
});
const surface = { catalogue, caller, services, log };

if (address === undefined) {
  const stdio = serveStdio(surface);
  stopOnSignal(() => stdio.close());
  await stdio.closed;
} else {
  const http = await serveHttp({ ...surface, ...parseBind(address) });
  stopOnSignal(() => http.close());
  console.error(`books listening on ${http.url}`);
}
