import { z } from "zod";
import { inputModes } from "../engine/engine.ts";
import { nameSchema } from "../library/definitions.ts";

export const readScope = ["data:read"];
export const writeScope = ["data:write"];

export const readHints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
export const addHints = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false };
export const changeHints = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false };

export const nameField = nameSchema;
export const cursorField = z.string().optional().describe("page.next_cursor of the call before.");
export const datasetField = z.string().max(200).describe("A name of list_datasets.");
export const modeField = z.enum(inputModes).describe("whole: . is the document; each: . is one element; reduce: reads inputs.");
export const argumentsField = z.record(z.string(), z.unknown()).optional().describe("Values of $parameters.");
export const versionField = z.int().min(1).optional().describe("Number; the active one when absent.");
export const limitField = z.int().min(1).max(1_000).default(100).describe("Values per page.");
export const programField = z.string().min(1).max(40_000).describe("jq program.");
export const justificationField = z.string().min(5).max(2_000).describe("Why the team should have it.");
