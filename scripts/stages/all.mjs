import { generated, hygiene, links } from "./docs.mjs";
import { packaging, publint } from "./packages.mjs";
import { install, services } from "./setup.mjs";
import { conformance, examples } from "./suites.mjs";
import { biome, build, knip, sherif, typecheck } from "./tools.mjs";
import { tests } from "./vitest.mjs";

/** Everything `npm test` does, in order. */
export const allStages = [
  install,
  services,
  sherif,
  biome,
  typecheck,
  build,
  tests,
  publint,
  packaging,
  knip,
  generated,
  hygiene,
  links,
  examples,
  conformance,
];

/** What needs neither a build nor a service. */
export const staticStages = [sherif, biome, typecheck, knip, generated, hygiene, links];
