import { z } from "zod";
import { inputModes } from "../engine/engine.ts";

export const readScope = ["data:read"];
export const writeScope = ["data:write"];

export const readHints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};
export const addHints = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};
export const changeHints = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: false,
};

export const nameField = z.string().describe("Its name.");
export const cursorField = z.string().optional().describe("page.next_cursor.");
export const datasetField = z.string().describe("Dataset name.");
export const modeField = z
  .enum(inputModes)
  .describe("whole: . is the document; each: one element; reduce: reads inputs.");
export const argumentsField = z.record(z.string(), z.unknown()).optional().describe("Values of $parameters.");
export const versionField = z.int().min(1).optional().describe("Number; default the active one.");
export const limitField = z.int().min(1).max(1_000).default(100).describe("Values per page.");
export const programField = z.string().describe("jq program.");
export const justificationField = z.string().min(5).max(2_000).describe("Why the team needs it.");
