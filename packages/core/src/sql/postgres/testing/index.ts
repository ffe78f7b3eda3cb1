export { readCatalog } from "./catalog.ts";
export { fixturePolicy, fixtureSql, hostileSql, openPolicy, searchPath } from "./fixture.ts";
export { createEffectOracle, type EffectOracle } from "./oracle.ts";
export { connect, execute, type OwnServer, startOwnServer } from "./server.ts";
