import { causeOf } from "./cause.ts";
import type { Instance } from "./instance.ts";
import { readOneText } from "./one-text.ts";
import type { Ended, Place, Repertoire, WorkerJob } from "./protocol.ts";
import { type Streams, streamsOf } from "./streams.ts";

export interface SessionParts {
  /** Runs the repertoire. */
  readonly instance: Instance;
  readonly repertoire: Repertoire;
  /** The next job, however long it takes to come. */
  readonly take: () => WorkerJob;
  readonly answer: (ended: Ended) => void;
  /** Runs a job by itself. */
  readonly runAlone: (job: WorkerJob) => Ended;
  /** Another session has to begin before the next job. */
  readonly isOver: () => boolean;
}

export interface SessionEnd {
  /** Taken, but not of this session. */
  readonly left: WorkerJob | undefined;
  /** The repertoire does not compile. */
  readonly unfit: boolean;
}

interface Current {
  readonly job: WorkerJob;
  readonly streams: Streams;
  readonly bytes: number;
  readonly started: number;
}

/**
 * Serves jobs with a repertoire that stays compiled. What ends otherwise than well is run again by itself, so that its
 * message is the program's own.
 */
export function serveSession(first: WorkerJob, parts: SessionParts): SessionEnd {
  const { instance, repertoire, answer, runAlone } = parts;
  let current: Current | undefined;
  let left: WorkerJob | undefined;
  let begun = false;
  let waiting: WorkerJob | undefined = first;

  const finish = ({ job, streams, bytes, started }: Current) => {
    const stderr = streams.stderr.text();
    if (stderr !== "") {
      streams.output.discard();
      return answer(runAlone(job));
    }
    const { bytes: output, total } = streams.output.finish();
    answer({
      kind: "done",
      id: job.id,
      exitCode: 0,
      output,
      outputBytes: total,
      stderr,
      bytesRead: bytes,
      together: true,
      ms: performance.now() - started,
    });
  };

  const next = (): Streams | undefined => {
    begun = true;
    const done = current;
    current = undefined;
    if (done !== undefined) finish(done);
    for (;;) {
      if (parts.isOver()) return undefined;
      const job = waiting ?? parts.take();
      waiting = undefined;
      if (job.repertoire !== undefined || (job.place && job.place.version !== repertoire.version)) {
        left = job;
        return undefined;
      }
      const one = job.place === undefined ? undefined : readOneText(job);
      if (job.place === undefined || one === undefined) {
        answer(runAlone(job));
        continue;
      }
      const started = performance.now();
      const bytes = Buffer.from(lineOf(job.place, one.text));
      const input = { kind: "bytes", bytes, split: false } as const;
      // Two levels more than the job's own.
      const streams = streamsOf({ ...job, input, nesting: job.nesting + 2 });
      current = { job, streams, bytes: one.bytes, started };
      return streams;
    }
  };

  try {
    instance.serve(repertoire.text, ["-c", "--unbuffered", "--"], next);
    // It ended by itself over the current one, or before there was any.
    const last = current as Current | undefined;
    last?.streams.output.discard();
    if (last !== undefined) answer(runAlone(last.job));
  } catch (error) {
    const last = current as Current | undefined;
    if (last === undefined) return { left: left ?? waiting, unfit: !begun };
    const { job, streams, started } = last;
    const stderr = streams.stderr.text();
    streams.output.discard();
    const { why, detail } = streams.stop ?? causeOf(error, stderr);
    const ms = performance.now() - started;
    answer({ kind: "stopped", id: job.id, stop: why, detail, stderr, ms });
  }
  return { left: left ?? waiting, unfit: !begun };
}

/** What a repertoire reads: one line for one run. */
function lineOf({ index, args }: Place, text: string): string {
  return `[${index},${args},${text}]\n`;
}
