import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { rootDir, servers } from "../run/workspace.mjs";
import { commandOf, settingsOf, stagesOf } from "./instructions.mjs";

const read = (file) => readFileSync(join(rootDir, file), "utf8");
const compose = parse(read("docker-compose.yml"));
const stages = stagesOf(read("Dockerfile"));
const targets = stages.map(({ name }) => name);
const ours = servers().map(({ manifest }) => manifest.name.replace(/-mcp$/, ""));

test("every server has a service, beside PostgreSQL, Redis and S3", () => {
  expect(Object.keys(compose.services)).toEqual(["postgres", "redis", "s3", ...ours]);
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
    for (const needed of Object.keys(service.depends_on ?? {})) {
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
  // One server's own key may be empty: the others start without it.
  for (const [, name, rule] of text.matchAll(/\$\{(\w+)(:[?-][^}]*)?\}/g)) {
    expect([":?set it in .env", ":-"], name).toContain(rule);
    expect(example).toMatch(new RegExp(`^${name}=$`, "m"));
  }
  expect(text).not.toMatch(/(?:PASSWORD|HASH|TOKEN|SECRET)\w*: (?!\$\{|\/run\/secrets\/)\S/);
});

test("a secret's file is named by its service, and neither committed nor sent to a build", () => {
  const secrets = compose.secrets ?? {};
  for (const [name, { file }] of Object.entries(secrets)) {
    expect(file).toBe(`./docker/secrets/${name}`);
    expect(read("docker/example.env")).toContain(file.slice(2));
    const readers = Object.values(compose.services).filter((service) => service.secrets?.includes(name));
    expect(readers.map(({ environment }) => Object.values(environment))).toEqual([
      expect.arrayContaining([`/run/secrets/${name}`]),
    ]);
  }
  expect(read(".gitignore").split("\n")).toContain("docker/secrets/");
  expect(read(".dockerignore").split("\n")).toContain("docker/secrets");
});

test.each(ours)(
  "%s mounts its settings where its image looks, and its folders where its user may write",
  (name) => {
    const stage = stages.find((one) => one.name === name);
    const targetsOf = (kind) =>
      (compose.services[name].volumes ?? [])
        .filter((mount) => mount.startsWith("./") === (kind === "file"))
        .map((mount) => mount.split(":")[1]);
    const words = (word) => stage.instructions.filter((step) => step.word === word).map(({ rest }) => rest);
    expect(targetsOf("file")).toContain(commandOf(name).at(-1));
    for (const folder of targetsOf("volume")) {
      expect(words("RUN")).toContain(`install -d -o node -g node -m 700 ${folder}`);
      expect(`${settingsOf(name)}\n${commandOf(name).join("\n")}`).toContain(folder);
    }
  },
);
