export { catalogue } from "./catalogue.ts";
export type { LineageConfig } from "./config.ts";
export { configSchema } from "./config.ts";
export { createServer, type LineageServer } from "./create-server.ts";
export { tools } from "./tools/index.ts";
