import { wholeLimitBytes } from "../engine/choose.ts";
import type { InputMode } from "../engine/engine.ts";
import type { Datasets } from "./registry.ts";

/** The mode for a program whose author named none: lists too big to hold are taken element by element. */
export async function defaultMode(datasets: Datasets, name: string): Promise<InputMode> {
  const opened = await datasets.open(name);
  opened.close();
  return opened.size > wholeLimitBytes ? "each" : "whole";
}
