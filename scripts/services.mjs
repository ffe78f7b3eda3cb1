import { installServices } from "./services/install.mjs";
import { runWithServices } from "./services/run-with-services.mjs";

const usage = `usage: node scripts/services.mjs install
       node scripts/services.mjs run -- COMMAND [ARGUMENT…]

install  installs PostgreSQL, Redis and PgBouncer with apt-get when they are missing
run      starts both on free ports, sets TEST_POSTGRES_URL, TEST_POSTGRES_BIN, TEST_POSTGRES_DATA and
         TEST_REDIS_URL, runs the command, and stops everything whatever happens`;

const [verb, ...rest] = process.argv.slice(2);
const command = rest[0] === "--" ? rest.slice(1) : rest;

try {
  if (verb === "install" && command.length === 0) {
    installServices();
  } else if (verb === "run" && command.length > 0) {
    process.exitCode = await runWithServices(command[0], command.slice(1));
  } else {
    console.error(usage);
    process.exitCode = 2;
  }
} catch (error) {
  console.error(`services: ${error.message}`);
  process.exitCode = 1;
}
