export { createPostgresGate, type Gate, type GateInput } from "./gate.ts";
