import { z } from "zod";
import { reference, text } from "../workflow/fields.ts";
import { fileFormats } from "./formats.ts";

export const shape = {
  run: text(100).optional(),
  question: reference.optional(),
  cleanroom: reference.optional(),
  limit: z.int().min(0).max(200).optional(),
  offset: z.int().min(0).optional(),
  file: z.enum(fileFormats).optional(),
  file_name: text(100).optional(),
  compare: z.boolean().optional(),
};

export type Input = z.output<z.ZodObject<typeof shape>>;
