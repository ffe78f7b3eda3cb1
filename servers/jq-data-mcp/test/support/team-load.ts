import { hostilePrograms } from "../../src/engine/fixtures/hostile-programs.ts";
import { rawCaller } from "./raw-caller.ts";

export interface LoadOptions {
  readonly url: string;
  readonly seconds: number;
  readonly perSecond: number;
  readonly connections: number;
  /** The first tenth of them are the ones whose programs are hostile. */
  readonly keys: readonly string[];
  readonly eachSecond?: (second: number) => void;
  /** Of the names of what it proposes; another for each load of one server. */
  readonly prefix?: string;
}

export interface LoadReport {
  /** Milliseconds from when a call was due to its answer, by kind. */
  readonly times: Readonly<Record<Kind, readonly number[]>>;
  readonly wrong: readonly string[];
  readonly lost: readonly string[];
  /** How hostile programs ended. */
  readonly hostile: Readonly<Record<string, number>>;
  readonly proposals: number;
  readonly votes: number;
}

export type Kind = "read" | "run" | "propose" | "vote" | "hostile";

interface Proposed {
  readonly id: string;
  readonly name: string;
  readonly author: number;
  readonly votes: Map<number, string>;
  readonly asked: Set<number>;
  open: boolean;
}

/** Of a hundred calls; the rest are reads. */
const shares = { hostile: 5, run: 25, vote: 7, propose: 3 } as const;

/** Calls at a fixed rate whatever the answers take, each answer checked, each write looked for afterwards. */
export async function teamLoad(options: LoadOptions): Promise<LoadReport> {
  const { keys, seconds, perSecond, prefix = "load" } = options;
  const caller = rawCaller(options.url, options.connections);
  const times: Record<Kind, number[]> = { read: [], run: [], propose: [], vote: [], hostile: [] };
  const wrong: string[] = [];
  const lost: string[] = [];
  const hostile: Record<string, number> = {};
  const proposed: Proposed[] = [];
  const hostileCount = Math.max(1, Math.floor(keys.length / 10));
  const honest = (n: number) => hostileCount + (n % (keys.length - hostileCount));
  const keyOf = (person: number) => keys[person] as string;

  const expectEqual = (what: string, got: unknown, expected: unknown) => {
    if (JSON.stringify(got) !== JSON.stringify(expected))
      wrong.push(`${what}: ${JSON.stringify(got)?.slice(0, 300)} instead of ${JSON.stringify(expected)}`);
  };

  const reads: ((key: string, n: number) => Promise<void>)[] = [
    async (key) => {
      const { data } = await caller.call(key, "search_library", { query: "trend" });
      if (!JSON.stringify(data).includes("trend_analysis"))
        wrong.push(`search: ${JSON.stringify(data)?.slice(0, 200)}`);
    },
    async (key) => {
      const { data, error } = await caller.call(key, "get_tool", { name: "trend_analysis" });
      expectEqual("get_tool", data?.name ?? error, "trend_analysis");
    },
    async (key) => {
      const { data, error } = await caller.call(key, "get_function", { name: "calculate_efficiency" });
      expectEqual("get_function", data?.name ?? error, "calculate_efficiency");
    },
    async (key) => {
      const { data, error } = await caller.call(key, "list_datasets", {});
      expectEqual("list_datasets", data?.datasets?.length ?? error, 4);
    },
    async (key) => {
      const { data, error } = await caller.call(key, "describe_dataset", { name: "sales" });
      expectEqual("describe_dataset", data?.layout ?? error, "elements");
    },
    async (key, n) => {
      const one = proposed[n % Math.max(1, proposed.length)];
      const { data, error } = await caller.call(
        key,
        "list_proposals",
        one === undefined ? {} : { id: one.id },
      );
      if (one !== undefined)
        expectEqual("list_proposals", data?.proposals?.[0]?.item ?? error, `tool:${one.name}`);
    },
  ];

  const steps: Record<Kind, (n: number) => Promise<void>> = {
    async read(n) {
      await reads[n % reads.length]?.(keyOf(honest(n)), n);
    },
    async run(n) {
      const key = keyOf(honest(n));
      if (n % 2 === 0) {
        const { data, error } = await caller.call(key, "run_tool", {
          name: "trend_analysis",
          dataset: "timeseries",
        });
        expectEqual("run_tool", data?.values?.[0]?.direction ?? error, "decreasing");
        return;
      }
      const at = n % 240;
      const { data, error } = await caller.call(key, "query", {
        dataset: "sales",
        program: ".[$at].id + $more",
        arguments: { at, more: n },
      });
      expectEqual("query", data?.values ?? error, [at + 1 + n]);
    },
    async propose(n) {
      const author = honest(n);
      const name = `${prefix}_${n}`;
      const { data, error } = await caller.call(keyOf(author), "propose_tool", {
        name,
        description: `Average number ${n}.`,
        program: `.data | add / length + ${n}`,
        datasets: ["metrics"],
        cases: [{ input: { data: [1, 3] }, expect: [2 + n] }],
        justification: "Needed under load.",
      });
      if (data?.status === "open")
        proposed.push({ id: data.id, name, author, votes: new Map(), asked: new Set([author]), open: true });
      else wrong.push(`propose ${name}: ${JSON.stringify(error ?? data)}`);
    },
    async vote(n) {
      const one = proposed.find(({ open, asked }) => open && asked.size <= 3);
      const person =
        one === undefined ? 0 : [0, 1, 2, 3, 4].map((i) => honest(n + i)).find((i) => !one.asked.has(i));
      if (one === undefined || person === undefined) return steps.read(n);
      const vote = n % 5 === 0 ? "reject" : "approve";
      one.asked.add(person);
      const { data, error } = await caller.call(keyOf(person), "vote", {
        proposal_id: one.id,
        vote,
        comment: `because of ${n}`,
      });
      if (data === undefined) {
        // Another's vote closed it a moment before.
        if (error?.code !== "CONFLICT") wrong.push(`vote ${one.id}: ${JSON.stringify(error)}`);
        one.open = false;
        return;
      }
      one.votes.set(person, `because of ${n}`);
      if (data.status !== "open") one.open = false;
    },
    async hostile(n) {
      const [program, , args] = hostilePrograms[n % hostilePrograms.length] ?? ["."];
      const answer = await caller.call(keyOf(n % hostileCount), "query", {
        dataset: "metrics",
        program,
        ...(args === undefined ? {} : { arguments: args }),
      });
      const end = answer.success ? "harmless" : answer.error.code;
      hostile[end] = (hostile[end] ?? 0) + 1;
      if (end === "INTERNAL_ERROR") wrong.push(`hostile ${program}: ${JSON.stringify(answer.error)}`);
    },
  };

  await Promise.all(
    Array.from({ length: options.connections }, (_, n) =>
      caller.call(keyOf(honest(n)), "get_tool", { name: "trend_analysis" }),
    ),
  );
  const running = new Set<Promise<void>>();
  const started = performance.now();
  let sent = 0;
  const turn: Record<Kind, number> = { read: 0, run: 0, propose: 0, vote: 0, hostile: 0 };
  for (let second = 0; sent < seconds * perSecond; ) {
    const now = performance.now();
    if (now - started >= (second + 1) * 1_000) {
      second += 1;
      options.eachSecond?.(second);
    }
    const due = Math.min(seconds * perSecond, Math.floor(((now - started) / 1_000) * perSecond));
    for (; sent < due; sent += 1) {
      const kind = kindOf((sent * 37) % 100);
      const at = started + (sent / perSecond) * 1_000;
      const n = turn[kind];
      turn[kind] += 1;
      const step = steps[kind](n)
        .catch((error) => {
          wrong.push(`${kind}: ${error}`);
        })
        .finally(() => {
          times[kind].push(performance.now() - at);
          running.delete(step);
        });
      running.add(step);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(running);

  for (const { id, name, author, votes } of proposed) {
    const { data } = await caller.call(keyOf(hostileCount), "list_proposals", { id });
    const found = data?.proposals?.[0];
    if (found?.item !== `tool:${name}`) lost.push(`proposal ${name} of ${author}`);
    const comments = new Set(found?.comments?.map(({ comment }: { comment: string }) => comment));
    for (const comment of votes.values())
      if (!comments.has(comment)) lost.push(`vote "${comment}" on ${name}`);
  }
  caller.close();
  const votes = proposed.reduce((sum, one) => sum + one.votes.size, 0);
  return { times, wrong, lost, hostile, proposals: proposed.length, votes };
}

function kindOf(percent: number): Kind {
  let below = 0;
  for (const [kind, share] of Object.entries(shares)) {
    below += share;
    if (percent < below) return kind as Kind;
  }
  return "read";
}
