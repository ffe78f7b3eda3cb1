import { createLogger, Secret } from "@mcp-data/core";
import { createVirtualClock } from "../../src/clock/clock.ts";
import { configSchema } from "../../src/config.ts";
import { createServices } from "../../src/create-services.ts";

// A process that makes one signed call: usage URL CLIENT_ID SECRET STATE_DIR NOW
const [url = "", clientId = "", secret = "", dir = "", now = ""] = process.argv.slice(2);
const services = createServices({
  config: {
    ...configSchema.parse({ client_id: clientId, base_url: url, state_dir: dir }),
    client_secret: new Secret(secret),
  },
  // The emulator's time: in any other a token it granted may have ended.
  clock: createVirtualClock(Number(now)),
  logger: createLogger({ server: "one-call", level: "error" }),
});
const habu = services.habu.session({ signal: AbortSignal.timeout(20_000), requestId: "one" });
const rooms = await habu.call("getAllCleanrooms", {});
process.exit(rooms.length > 0 ? 0 : 1);
