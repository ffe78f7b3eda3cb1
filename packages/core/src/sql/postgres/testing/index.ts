export { readCatalog } from "./catalog.ts";
export { testDatabase } from "./database.ts";
export { fixturePolicy, fixtureSql, hostileSql, openPolicy, rolesSql, searchPath } from "./fixture.ts";
export { leaks } from "./leaks.ts";
export { createEffectOracle, type EffectOracle } from "./oracle.ts";
export { connect, type Execution, execute, type OwnServer, startOwnServer } from "./server.ts";
