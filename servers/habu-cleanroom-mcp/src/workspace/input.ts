import { z } from "zod";
import { day, email, reference, text } from "../workflow/fields.ts";

export const features = ["EXPORT", "VIEW_QUERY", "HABU_INTELLIGENCE", "PAIR", "OPJA"] as const;

export const shape = {
  name: text(120),
  type: z
    .enum([
      "Hybrid",
      "Snowflake",
      "Databricks",
      "Google",
      "AWS",
      "Facebook",
      "AMC",
      "ADH",
      "LinkedIn",
      "HabuConfidentialComputing",
    ])
    .optional(),
  description: text(1_000).optional(),
  start: day.optional(),
  end: day.optional(),
  region: z.enum(["EU", "US", "APAC", "AFRICA", "UAE"]).optional(),
  cloud: z.enum(["AWS", "GCP", "AZURE"]).optional(),
  features: z.array(z.enum(features)).optional(),
  data_decibel: z.int().min(1).max(10).optional(),
  crowd_size: z.int().min(1).max(100).optional(),
  partners: z.array(email).max(20).optional(),
  users: z.array(email).max(20).optional(),
  connections: z.array(reference).max(20).optional(),
  questions: z.array(reference).max(20).optional(),
  adopt: z.boolean().optional(),
};

export type Input = z.output<z.ZodObject<typeof shape>>;
