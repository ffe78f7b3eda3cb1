import { run } from "../run/command.mjs";
import { oneCheck } from "../run/verdict.mjs";
import { installServices } from "../services/install.mjs";

export const install = {
  name: "install",
  required: true,
  run: async ({ env }) => oneCheck(await run("pnpm", ["install", "--frozen-lockfile"], { env })),
};

export const services = {
  name: "services",
  run: async () => {
    installServices(console.log);
    return oneCheck(true);
  },
};
