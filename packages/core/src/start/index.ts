export { runCommand } from "./run-command.ts";
export type { ServerSettings } from "./settings.ts";
export { proxyFields, serverEnvFields, serverFlagFields, serverFlags, serverSettings } from "./settings.ts";
export type { RunningServer, StartOptions } from "./start-server.ts";
export { startServer } from "./start-server.ts";
