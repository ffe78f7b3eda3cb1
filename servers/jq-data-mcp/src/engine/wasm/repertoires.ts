import type { Job } from "../engine.ts";
import type { Place, Repertoire } from "./protocol.ts";

/** Runs that ended well before a program is worth being kept compiled. */
const worthwhile = 3;
/** Programs looked at for that, the least recently seen forgotten. */
const watched = 512;
const programsKept = 32;
const textKept = 48 * 1024;
/** A longer one would take the places of many, here and among those watched. */
const longest = textKept / 4;
/** Milliseconds between two changes: each is compiled anew by every worker. */
const defaultRestMs = 1_000;

/**
 * jq takes most of a short run to compile its own built-ins. Programs that are asked for again and again are put
 * together into one that stays compiled and picks by number; arguments go in with the data.
 */
export interface Repertoires {
  readonly current: Repertoire | undefined;
  /** Undefined: it runs by itself. */
  placeOf(job: Job): Place | undefined;
  /** A run of the program by itself ended well. */
  succeeded(job: Job): void;
  /** These programs do not compile together: back to those of before, the newcomers never again. */
  refuse(version: number): void;
}

interface Program {
  readonly key: string;
  readonly branch: string;
  index: number;
  usedAt: number;
}

export function createRepertoires(restMs = defaultRestMs, now: () => number = Date.now): Repertoires {
  const seen = new Map<string, number>();
  const barred = new Set<string>();
  const candidates = new Map<string, Program>();
  let members = new Map<string, Program>();
  /** Of the repertoire before, which did compile. */
  let proven = new Map<string, Program>();
  /** Candidates among which one does not fit the others; they are admitted one at a time. */
  let suspects = 0;
  let current: Repertoire | undefined;
  let versions = 0;
  let changedAt = Number.NEGATIVE_INFINITY;

  const compose = (programs: Iterable<Program>) => {
    members = new Map();
    let size = 0;
    let text = "";
    for (const program of programs) {
      size += program.branch.length;
      if (members.size >= programsKept || size > textKept) break;
      program.index = members.size;
      text += `${program.index === 0 ? "if" : " elif"} .[0] == ${program.index} then ${program.branch}`;
      members.set(program.key, program);
    }
    versions += 1;
    current = members.size === 0 ? undefined : { version: versions, text: `${text} else empty end` };
    changedAt = now();
  };

  const admit = () => {
    proven = members;
    const admitted = [...candidates.values()].slice(0, suspects > 0 ? 1 : undefined);
    suspects = Math.max(0, suspects - admitted.length);
    for (const { key } of admitted) candidates.delete(key);
    compose([...admitted, ...members.values()].sort((a, b) => b.usedAt - a.usedAt));
  };

  return {
    get current() {
      return current;
    },
    placeOf(job) {
      if (candidates.size > 0 && now() - changedAt >= restMs) admit();
      const program = isAlone(job) ? undefined : members.get(keyOf(job));
      if (program === undefined || current === undefined) return undefined;
      program.usedAt = now();
      return { version: current.version, index: program.index, args: JSON.stringify(job.args ?? {}) };
    },
    succeeded(job) {
      if (isAlone(job) || job.program.length > longest) return;
      const key = keyOf(job);
      if (members.has(key) || candidates.has(key) || barred.has(key)) return;
      const times = (seen.get(key) ?? 0) + 1;
      seen.delete(key);
      if (times < worthwhile) {
        seen.set(key, times);
        const oldest = seen.size > watched ? seen.keys().next().value : undefined;
        if (oldest !== undefined) seen.delete(oldest);
        return;
      }
      const branch = branchOf(job);
      if (branch !== undefined) candidates.set(key, { key, branch, index: 0, usedAt: now() });
    },
    refuse(version) {
      if (current?.version !== version) return;
      const newcomers = [...members.values()].filter(({ key }) => !proven.has(key));
      const [only] = newcomers;
      if (only !== undefined && newcomers.length === 1) {
        if (barred.size >= watched) barred.clear();
        barred.add(only.key);
      } else {
        suspects = newcomers.length;
        for (const program of newcomers) candidates.set(program.key, program);
      }
      compose(newcomers.length === 0 ? [] : proven.values());
    },
  };
}

/** Its input is not one text. */
function isAlone(job: Job): boolean {
  const { input } = job;
  return job.slurp === true || (input.kind === "none" ? false : job.nullInput === true || input.split);
}

function keyOf(job: Job): string {
  return `${Object.keys(job.args ?? {}).join(",")}:${job.program}`;
}

/** What reads more than its input, writes messages, or tells of the program around it, has to run by itself. */
const outward =
  /(?<![.\w$])(?:input|debug|stderr|halt|import|include|modulemeta|get_search_list|builtins)|__|\$ARGS/;
/** A comment that swallows the line after it. */
const openEnd = /\\\r?(?:\n|$)/;

/** The program as one branch of many; undefined when that could change what it does. */
function branchOf({ program, args }: Job): string | undefined {
  if (outward.test(program) || openEnd.test(program)) return undefined;
  const names = Object.keys(args ?? {});
  if (names.some((name) => /^(?:ENV|ARGS|__.*)$/.test(name))) return undefined;
  const bound = names.length === 0 ? "" : `.[1] as {${names.map((name) => `$${name}`).join(",")}} | `;
  return `(${bound}.[2] | (\n${program}\n))`;
}
