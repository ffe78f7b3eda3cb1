export { catalogue } from "./catalogue.ts";
export type { JqDataConfig } from "./config.ts";
export { configSchema } from "./config.ts";
export { createServer, type JqDataServer } from "./create-server.ts";
export { tools } from "./tools/index.ts";
