import { main } from "./run/main.mjs";
import { staticStages } from "./stages/all.mjs";

// usage: node scripts/check.mjs [--only STAGE,…]
await main(staticStages, process.argv.slice(2));
