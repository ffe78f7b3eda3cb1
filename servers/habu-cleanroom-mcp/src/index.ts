export { catalogue } from "./catalogue.ts";
export type { HabuConfig } from "./config.ts";
export { configSchema } from "./config.ts";
export { createServer, type HabuServer } from "./create-server.ts";
export { tools } from "./tools/index.ts";
