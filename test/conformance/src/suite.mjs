import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The suite needs Node 22, which npm delivers like any other package.
const packages = ["-p", "node@22", "-p", "@modelcontextprotocol/conformance@0.2.0-alpha.12"];

/** The frozen sets of the revisions a server of ours speaks. */
export const revisions = ["2025-11-25", "2026-07-28"];

/** What every server must hold to, whatever its tools are. */
const genericScenarios = [
  { revision: "2025-11-25", names: ["server-initialize", "ping"] },
  {
    revision: "2025-11-25",
    names: ["tools-list", "resources-list", "prompts-list", "dns-rebinding-protection"],
  },
  {
    revision: "2026-07-28",
    names: ["tools-list", "resources-list", "prompts-list", "dns-rebinding-protection"],
  },
  { revision: "2026-07-28", names: ["server-stateless", "caching", "http-header-validation"] },
];

/**
 * One check of the suite as it ended.
 * @typedef {{ scenario: string, id: string, status: string, message?: string, untestable: boolean }} Check
 * @typedef {{ passed: number, failed: number, failures: Check[], unscored: string[] }} Verdict
 */

/** Runs a revision's whole set. @param {string} url @param {string} revision @returns {Promise<Verdict>} */
export async function runRequirements(url, revision) {
  const { output, code, checks } = await conformance([
    `conformance server --url ${url} --requirements ${revision} -o "$RESULTS"`,
  ]);
  const unscored = unscoredScenarios(output);
  const verdict = judge(checks.filter(({ scenario }) => !unscored.includes(scenario)));
  if (code !== 0 && verdict.failed === 0) throw new Error(`the suite ended with ${code}:\n${output}`);
  return { ...verdict, unscored };
}

/** Runs the generic scenarios against a server that is up. @param {string} url @returns {Promise<Verdict>} */
export async function runGeneric(url) {
  const absent = absentSurfaces(await capabilitiesOf(url));
  const scenarios = genericScenarios.map(({ revision, names }) => ({
    revision,
    names: names.filter((name) => !absent.some((surface) => name === `${surface}-list`)),
  }));
  const commands = scenarios.flatMap(({ revision, names }) =>
    names.map(
      (name) => `conformance server --url ${url} --scenario ${name} --spec-version ${revision} -o "$RESULTS"`,
    ),
  );
  const { output, checks } = await conformance(commands);
  const expected = new Set(scenarios.flatMap(({ names }) => names));
  const missing = [...expected].filter((name) => !checks.some(({ scenario }) => scenario === name));
  if (missing.length > 0) throw new Error(`the suite did not run ${missing.join(", ")}:\n${output}`);
  // What needs a fixture's tools cannot be told of a real server.
  const told = checks.filter((check) => !check.untestable && !asksFor(check, absent));
  return { ...judge(told), unscored: [] };
}

/** What a server may do without; one that does not declare it answers "method not found". @param {object} capabilities */
export function absentSurfaces(capabilities) {
  return ["resources", "prompts"].filter((surface) => !(surface in capabilities));
}

/** @param {Pick<Check, "id">} check @param {string[]} surfaces */
export function asksFor({ id }, surfaces) {
  return surfaces.some((surface) => id.split("-").includes(surface));
}

/** @param {string} url @returns {Promise<object>} */
async function capabilitiesOf(url) {
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "conformance", version: "1" },
  };
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params }),
  });
  const text = await answer.text();
  const message = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
  if (message.result === undefined) throw new Error(`initialize was answered ${text}`);
  return message.result.capabilities;
}

/** @param {Check[]} checks */
export function judge(checks) {
  const failures = checks.filter(({ status }) => status === "FAILURE");
  const passed = checks.filter(({ status }) => status === "SUCCESS").length;
  return { passed, failed: failures.length, failures };
}

/** The scenarios the suite says it ran without counting. @param {string} output */
export function unscoredScenarios(output) {
  const section = output.split(/^Not scored for .*$/m)[1] ?? "";
  return [...section.matchAll(/^\s*[✓✗] (\S+) \(/gm)].map((match) => String(match[1]));
}

/** @param {string} folder @returns {Check[]} */
export function readChecks(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("checks.json"))
    .flatMap((path) => {
      const scenario = scenarioOf(path);
      return JSON.parse(readFileSync(join(folder, path), "utf8")).map((/** @type {any} */ check) => ({
        scenario,
        id: check.id,
        status: check.status,
        ...(check.errorMessage === undefined ? {} : { message: check.errorMessage }),
        untestable: check.details?.untestable === true,
      }));
    });
}

/** A results folder is named `server-<scenario>-<time>`. @param {string} path */
export function scenarioOf(path) {
  const match = /server-([^/\\]+)-\d{4}-\d{2}-\d{2}T[^/\\]*[/\\]checks\.json$/.exec(path);
  if (match === null) throw new Error(`not a results file of the suite: ${path}`);
  return String(match[1]);
}

/** @param {string[]} commands */
async function conformance(commands) {
  const results = mkdtempSync(join(tmpdir(), "conformance-"));
  try {
    const { output, code } = await npx(`${commands.join("; ")}; exit $?`, results);
    return { output, code, checks: readChecks(results) };
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}

/** @param {string} script @param {string} results @returns {Promise<{ output: string, code: number | null }>} */
function npx(script, results) {
  return new Promise((resolve, reject) => {
    const child = spawn("npx", ["-y", ...packages, "-c", script], {
      // Away from this workspace, whose own settings npm would follow.
      cwd: results,
      env: { ...process.env, RESULTS: results },
      stdio: ["ignore", "pipe", "pipe"],
    });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on("data", (chunk) => void chunks.push(chunk));
    child.stderr.on("data", (chunk) => void chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => resolve({ output: Buffer.concat(chunks).toString("utf8"), code }));
  });
}
