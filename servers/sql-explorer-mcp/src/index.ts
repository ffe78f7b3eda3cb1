export { catalogue } from "./catalogue.ts";
export type { ExplorerConfig } from "./config.ts";
export { configSchema } from "./config.ts";
export { createServer, type ExplorerServer } from "./create-server.ts";
export { tools } from "./tools/index.ts";
