import type { Habu } from "../client/habu-client.ts";
import type { Services } from "../services.ts";

export interface Facts {
  readonly habu: Habu;
  readonly services: Services;
}
