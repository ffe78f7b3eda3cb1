import { z } from "zod";
import { reference, text, values } from "../workflow/fields.ts";

export const shape = {
  question: reference,
  cleanroom: reference.optional(),
  action: z.enum([
    "show",
    "share",
    "unshare",
    "export",
    "exports",
    "pause_export",
    "resume_export",
    "delete_export",
    "audit",
  ]),
  partners: z.array(reference).min(1).max(50).optional(),
  destination: reference.optional(),
  export_settings: values.optional(),
  job: text(100).optional(),
};

export type Input = z.output<z.ZodObject<typeof shape>>;
