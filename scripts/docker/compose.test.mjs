import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { rootDir, servers } from "../run/workspace.mjs";
import { stagesOf } from "./instructions.mjs";

const read = (file) => readFileSync(join(rootDir, file), "utf8");
const compose = parse(read("docker-compose.yml"));
const targets = stagesOf(read("Dockerfile")).map(({ name }) => name);
const ours = servers().map(({ manifest }) => manifest.name.replace(/-mcp$/, ""));

test("every server has a service, beside PostgreSQL and Redis", () => {
  expect(Object.keys(compose.services)).toEqual(["postgres", "redis", ...ours]);
});

test.each(Object.entries(compose.services))("%s says when it is healthy", (_name, service) => {
  expect(service.healthcheck.test[0]).toBe("CMD");
  expect(service.healthcheck.test.length).toBeGreaterThan(1);
});

test.each(ours)(
  "%s is built from its target, asked by its own health command, and reachable from this machine only",
  (name) => {
    const service = compose.services[name];
    expect(targets).toContain(service.build.target);
    expect(service.healthcheck.test.slice(1, 4)).toEqual(["node", "dist/cli.js", "health"]);
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    for (const needed of Object.keys(service.depends_on)) {
      expect(service.depends_on[needed]).toEqual({ condition: "service_healthy" });
      expect(Object.keys(compose.services)).toContain(needed);
    }
  },
);

test("every mounted file exists and every volume is declared", () => {
  const mounts = Object.values(compose.services).flatMap((service) => service.volumes ?? []);
  for (const mount of mounts) {
    const [source] = mount.split(":");
    if (source.startsWith("./")) expect(existsSync(join(rootDir, source)), source).toBe(true);
    else expect(Object.keys(compose.volumes)).toContain(source);
  }
});

test("no secret has a value here, and each variable is in the example", () => {
  const example = read("docker/example.env");
  const text = read("docker-compose.yml");
  for (const [, name, rule] of text.matchAll(/\$\{(\w+)(:\?[^}]*)?\}/g)) {
    expect(rule, name).toBe(":?set it in .env");
    expect(example).toMatch(new RegExp(`^${name}=$`, "m"));
  }
  expect(text).not.toMatch(/(?:PASSWORD|HASH|TOKEN|SECRET)\w*: (?!\$\{)\S/);
});
