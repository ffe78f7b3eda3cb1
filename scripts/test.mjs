import { main } from "./run/main.mjs";
import { allStages } from "./stages/all.mjs";

// usage: node scripts/test.mjs [--only STAGE,…]
await main(allStages, process.argv.slice(2));
