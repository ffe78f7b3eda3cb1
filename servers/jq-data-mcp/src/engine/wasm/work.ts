import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { createInstance, type Instance } from "./instance.ts";
import type { Repertoire, WorkerAnswer, WorkerData, WorkerJob } from "./protocol.ts";
import { serveSession } from "./session.ts";

/** Takes jobs for as long as its thread lives. */
export async function work(thread: number): Promise<never> {
  const { module, hooked, recycleAfter, bell } = workerData as WorkerData;
  const port = parentPort;
  if (port === null) throw new Error("this file runs as a worker");
  // The engine tells of every abort; the answer does that already.
  console.error = () => undefined;
  console.warn = () => undefined;
  const answer = (message: WorkerAnswer) => {
    const output = message.kind === "done" ? message.output : undefined;
    port.postMessage(message, output === undefined ? [] : [output.buffer as ArrayBuffer]);
  };

  /** Sleeps until there is a job: a session waits for it in the middle of the engine. */
  function take(): WorkerJob {
    for (;;) {
      const heard = Atomics.load(bell, 0);
      const received = receiveMessageOnPort(port as NonNullable<typeof port>);
      if (received !== undefined) return received.message as WorkerJob;
      Atomics.wait(bell, 0, heard);
    }
  }

  let alone: Instance = await createInstance(module, hooked);
  let together: Instance | undefined;
  let runs = 0;
  const runAlone = (job: WorkerJob) => {
    runs += 1;
    return alone.run(job);
  };
  const isWorn = () => alone.spent || runs >= recycleAfter;

  const check = alone.run({
    id: 0,
    flags: ["-c", "--argjson", "a", '{"b":[1,2]}', "--"],
    program: '[., $a.b[], ("x"|test("X";"i"))]',
    input: { kind: "bytes", bytes: new TextEncoder().encode("9007199254740993"), split: false },
    outputBytes: 1_000,
    stderrBytes: 1_000,
    nesting: 10,
  });
  const right =
    check.kind === "done" && new TextDecoder().decode(check.output) === "[9007199254740993,1,2,true]\n";
  answer(
    right
      ? { kind: "ready", version: alone.version, thread }
      : { kind: "unfit", reason: JSON.stringify(check) },
  );

  let repertoire: Repertoire | undefined;
  let job: WorkerJob | undefined;
  for (;;) {
    job ??= take();
    repertoire = job.repertoire ?? repertoire;
    if (job.place === undefined || job.place.version !== repertoire?.version) {
      answer(runAlone(job));
      job = undefined;
    } else {
      together ??= await createInstance(module, hooked);
      const instance: Instance = together;
      const { repertoire: _, ...first } = job;
      const parts = { instance, repertoire, take, answer, runAlone };
      const end = serveSession(first, { ...parts, isOver: () => isWorn() || instance.spent });
      if (instance.spent) together = undefined;
      job = end.left;
      if (end.unfit) {
        answer({ kind: "no_repertoire", version: repertoire.version });
        repertoire = undefined;
      }
    }
    if (!isWorn()) continue;
    runs = 0;
    alone = await createInstance(module, hooked);
  }
}
