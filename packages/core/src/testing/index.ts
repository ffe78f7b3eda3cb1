export type { ContractOptions, ContractReport } from "./catalogue-contract.ts";
export { checkCatalogue } from "./catalogue-contract.ts";
export type { Connected, TestTarget } from "./connect.ts";
export { connectV1, connectV2 } from "./connect.ts";
export type { FakeClock } from "./fake-clock.ts";
export { createFakeClock } from "./fake-clock.ts";
export { publicDefinition } from "./public-definition.ts";
export type { SnapshotOptions } from "./snapshot.ts";
export { snapshotDrift } from "./snapshot.ts";
