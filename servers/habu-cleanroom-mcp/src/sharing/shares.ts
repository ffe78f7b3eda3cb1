import { repeatUntilKnown } from "../client/settle.ts";
import { listPartners } from "../habu/people.ts";
import { plainText } from "../habu/plain-text.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function readShares({ habu }: Work<Input>, question: RoomQuestion, fresh = false) {
  const given = await habu.call(
    "getCleanroomQuestionResultShares",
    { path: { cleanroomQuestionId: question.id } },
    { fresh },
  );
  return given.map(({ PartnerID = "", PostRunQueryID = "" }) => ({
    partnerId: PartnerID,
    postRunQueryId: PostRunQueryID,
  }));
}

export async function changeShares(work: Work<Input>, question: RoomQuestion) {
  const { input, habu } = work;
  const partners = await listPartners(habu, question.roomId);
  const before = await readShares(work, question, true);
  if (input.partners === undefined)
    return work.ask([
      {
        field: "partners",
        why: `With whom to ${input.action}.`,
        candidates: partners.map(({ name }) => name),
      },
    ]);
  const chosen = input.partners.map((typed) => resolve("partner of this clean room", typed, partners));
  const ids = new Set(chosen.map(({ id }) => id));
  // The whole list is sent: whether the platform merges or replaces is not known.
  const after =
    input.action === "share"
      ? [
          ...before,
          ...chosen
            .filter(({ id }) => !before.some(({ partnerId }) => partnerId === id))
            .map(({ id }) => ({ partnerId: id, postRunQueryId: "" })),
        ]
      : before.filter(({ partnerId }) => !ids.has(partnerId));
  if (after.length === before.length)
    return work.end({
      summary: `Nothing to change: ${chosen.map(({ name }) => plainText(name, 40)).join(", ")} ${input.action === "share" ? "see" : "do not see"} the results already.`,
    });
  const stop = await work.plan(
    chosen.map(({ name, members }) => ({
      step: `${input.action} results`,
      what: `${question.displayId} with ${name} (${members.length} user(s))`,
      effect:
        input.action === "share"
          ? "they can read every result of this question"
          : "they can no longer read them",
    })),
  );
  if (stop !== undefined) return stop;
  await work.step("shares", "result shares", async () => {
    const body = after.map(({ partnerId, postRunQueryId }) => ({
      PartnerID: partnerId,
      ...(postRunQueryId === "" ? {} : { PostRunQueryID: postRunQueryId }),
    }));
    await repeatUntilKnown(
      () =>
        habu.call("upsertCleanRoomQuestionResultShares", {
          path: { cleanroomQuestionId: question.id },
          body,
        }),
      async () => undefined,
    );
    return { value: after.length };
  });
  const seen = await readShares(work, question, true);
  const name = (id: string) => partners.find((one) => one.id === id)?.name ?? id;
  const same =
    seen.length === after.length &&
    after.every(({ partnerId }) => seen.some((one) => one.partnerId === partnerId));
  if (!same)
    work.warn("The shares read back differ from those sent; the platform may merge instead of replace.");
  work.services.accessLog.add({
    at: new Date(work.services.clock.now()).toISOString(),
    what: input.action,
    question: question.id,
    partners: chosen.map(({ id }) => id),
    before: before.map(({ partnerId }) => partnerId),
    after: seen.map(({ partnerId }) => partnerId),
    principal: work.principal.id,
  });
  return work.end({
    summary: `Results of ${question.displayId} are now shared with ${seen.length} partner(s)${same ? ", read back" : ""}.`,
    result: {
      before: before.map(({ partnerId }) => name(partnerId)),
      after: seen.map(({ partnerId }) => name(partnerId)),
    },
  });
}
