export { createPostgresEngine } from "./engine.ts";
export type { HiddenText, PostgresOptions } from "./options.ts";
