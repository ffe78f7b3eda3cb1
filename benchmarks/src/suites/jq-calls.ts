import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostilePrograms } from "../../../servers/jq-data-mcp/src/engine/fixtures/hostile-programs.ts";
import { defaultLimits } from "../../../servers/jq-data-mcp/src/engine/limits.ts";
import { openWasmPool } from "../../../servers/jq-data-mcp/src/engine/wasm/pool.ts";
import { bareJq } from "../contenders/jq-bare.ts";
import { jqData } from "../contenders/jq-data.ts";
import { findJq, spawnJq } from "../contenders/jq-native.ts";
import { nodeJq } from "../contenders/node-jq.ts";
import { median } from "../harness/numbers.ts";
import type { Result, Row } from "../harness/result.ts";

const rounds = 7;
const program = "def f: . + 1; .a | map(f) | add + $i";
const document = { a: [1, 2, 3], name: "x" };
const text = JSON.stringify(document);
const flags = (i: number) => ["-c", "--argjson", "i", String(i)];
const right = (i: number) => 9 + i;

type Call = (i: number, lane: number) => Promise<unknown>;

/** Calls so small that what is measured is everything but jq's own work on the data. */
export async function jqCalls(): Promise<Result> {
  const pool = await openWasmPool({ size: 2, memoryBytes: defaultLimits.memoryBytes });
  const bare = [await bareJq(), await bareJq()] as const;
  const jq = findJq();
  const peer = jq === undefined ? undefined : await nodeJq(jq);
  const folder = mkdtempSync(join(tmpdir(), "bench-jq-calls-"));
  writeFileSync(join(folder, "small.json"), text);
  const server = await jqData(folder);

  const contenders: Record<string, { readonly call: Call; readonly lanes: number }> = {
    ours: { call: (i, lane) => onPool(i, `u${lane}`), lanes: 16 },
    "jq-wasm bare in a worker": {
      call: async (i, lane) => bare[lane % 2 === 0 ? 0 : 1].run(text, program, flags(i)),
      lanes: 2,
    },
    ...(jq === undefined
      ? {}
      : {
          [`jq ${jq.version} spawned`]: {
            call: (i: number) => spawnJq(jq, [...flags(i), program], Buffer.from(text)),
            lanes: 16,
          },
        }),
    ...(peer === undefined
      ? {}
      : {
          [peer.name]: {
            call: (i: number) => peer.run(program.replace("$i", String(i)), document),
            lanes: 16,
          },
        }),
  };
  async function onPool(i: number, owner: string, asked = program): Promise<string> {
    const input = { kind: "bytes", bytes: Buffer.from(text), split: false } as const;
    const { output } = await pool.run({ program: asked, args: { i }, input, limits: defaultLimits, owner });
    return Buffer.from(output ?? []).toString();
  }
  const onServer: Call = (i) =>
    server.query({ dataset: "small", program, arguments: { i } }).then(([value]) => value);

  const p50s = new Map<string, number[]>();
  const rates = new Map<string, number[]>();
  const note = (to: Map<string, number[]>, name: string, value: number) =>
    to.set(name, [...(to.get(name) ?? []), value]);
  let next = 0;
  const timed = async (call: Call, count: number) => {
    const times: number[] = [];
    for (let n = 0; n < count; n += 1) {
      next += 1;
      const started = performance.now();
      const answer = await call(next, 0);
      times.push(performance.now() - started);
      if (Number(answer) !== right(next)) throw new Error(`a wrong answer: ${answer}`);
    }
    return median(times);
  };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, { call, lanes }] of Object.entries(contenders)) {
      if (round === 0) await timed(call, 200);
      note(p50s, name, await timed(call, 300));
      note(rates, name, await perSecond(call, lanes, 600));
    }
    note(p50s, "server", await timed(onServer, 300));
    note(p50s, "fresh", await timed((i) => onPool(i, "u0", `${program} # ${i}`), 300));
  }
  const late = await lateness();
  const honest = await amongHostile(onPool);
  await Promise.all([pool.close(), server.close(), ...bare.map((one) => one.close())]);
  rmSync(folder, { recursive: true, force: true });

  const values = (from: Map<string, number[]>) =>
    Object.fromEntries([...from].map(([name, all]) => [name, median(all)]));
  const row = (measure: string, unit: string, all: Record<string, number>, goal?: string): Row => {
    const { ours = 0, server: _, fresh: __, ...others } = all;
    return {
      measure,
      unit,
      lower_is_better: unit === "ms",
      ours,
      others,
      ...(goal === undefined ? {} : { goal }),
    };
  };
  const p50 = values(p50s);
  return {
    title: `jq-data-mcp's engine pool on calls of microseconds${jq === undefined ? "; there is no native jq here" : ""}`,
    rows: [
      row("Small call, p50", "ms", p50, "≤ 1.5× the bare engine; ≥ 3× ahead of spawning jq"),
      row("The same with a program never seen before, p50", "ms", { ours: p50.fresh ?? 0 }),
      row("Calls per second, two workers", "/s", values(rates), "≥ 2,500/s"),
      row("The same call as tool query over stdio, p50", "ms", { ours: p50.server ?? 0 }),
      row("An endless program's end after its time limit, the latest of 20", "ms", { ours: late }, "≤ 50 ms"),
      row("Small call while three callers run hostile programs without pause, p50", "ms", { ours: honest }),
    ],
  };

  /** Milliseconds past its limit that an endless program is told to have ended, the worst of twenty. */
  async function lateness(): Promise<number> {
    const timeoutMs = 300;
    let worst = 0;
    for (let n = 0; n < 20; n += 1) {
      const started = performance.now();
      await pool
        .run({
          program: "def f: f; f",
          input: { kind: "none" },
          limits: { ...defaultLimits, timeoutMs },
          owner: `late${n}`,
        })
        .catch(() => undefined);
      worst = Math.max(worst, performance.now() - started - timeoutMs);
    }
    return worst;
  }

  async function amongHostile(call: (i: number, owner: string) => Promise<string>): Promise<number> {
    let done = false;
    const left = [...hostilePrograms];
    const hostile = [1, 2, 3].map(async (caller) => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        const [hostileProgram, input = "null", args = {}] = one;
        await pool
          .run({
            program: hostileProgram,
            args,
            input: { kind: "bytes", bytes: Buffer.from(input), split: false },
            limits: { ...defaultLimits, timeoutMs: 800 },
            owner: `hostile${caller}`,
          })
          .catch(() => undefined);
      }
    });
    const ended = Promise.all(hostile).then(() => {
      done = true;
    });
    const times: number[] = [];
    for (let i = 1; !done; i += 1) {
      const started = performance.now();
      const answer = await call(i, "honest");
      times.push(performance.now() - started);
      if (Number(answer) !== right(i)) throw new Error(`a wrong answer: ${answer}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await ended;
    return median(times);
  }
}

async function perSecond(call: Call, lanes: number, ms: number): Promise<number> {
  const started = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (; performance.now() - started < ms; done += 1) await call(done, lane);
    }),
  );
  return (done / (performance.now() - started)) * 1_000;
}
