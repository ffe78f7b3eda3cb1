import { listPartners } from "../habu/people.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import type { Work } from "../workflow/work.ts";
import { jobsOf } from "./export-jobs.ts";
import type { Input } from "./input.ts";
import { readShares } from "./shares.ts";

export async function show(work: Work<Input>, question: RoomQuestion) {
  const { habu, services } = work;
  const shares = await readShares(work, question);
  const partners = await listPartners(habu, question.roomId);
  const jobs = await jobsOf(work, question);
  const log = services.accessLog.recent(50, (entry) => entry.question === question.id);
  return work.end({
    summary: `Results of ${question.displayId} are shared with ${shares.length} of ${partners.length} partner(s) and exported by ${jobs.length} job(s).`,
    result: {
      shared_with: shares.map(
        ({ partnerId }) => partners.find(({ id }) => id === partnerId)?.name ?? partnerId,
      ),
      not_shared_with: partners
        .filter(({ id }) => !shares.some(({ partnerId }) => partnerId === id))
        .map(({ name }) => name),
      export_jobs: jobs,
      trail: log,
      limits: ["The trail holds what this server did; the platform has no access log."],
    },
  });
}
