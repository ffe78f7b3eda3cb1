import { ToolError } from "@mcp-data/core";
import type { Habu } from "../client/habu-client.ts";
import { createOnce, repeatUntilKnown } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import type { Made } from "../workflow/work.ts";
import { listDatasets } from "./bindings.ts";
import { invitationFrom, listInvitations, listMembers, sameEmail } from "./people.ts";
import { listRoomQuestions } from "./questions.ts";
import { listRooms, roomFrom } from "./rooms.ts";

/** An earlier attempt whose end nobody saw is looked for before another is made. */
async function once<T>(
  retaken: boolean,
  creation: { what: string; attempt(): Promise<T>; find(): Promise<T | undefined> },
): Promise<Made<T>> {
  const found = retaken ? await creation.find() : undefined;
  if (found !== undefined) return { value: found, state: "adopted", detail: "made by the earlier attempt" };
  const { value, adopted } = await createOnce(creation);
  return adopted
    ? { value, state: "adopted", detail: "made by an attempt whose answer was lost" }
    : { value };
}

export interface MadeThing {
  readonly id: string;
  readonly display_id?: string;
  readonly name: string;
}

export async function makeRoom(
  habu: Habu,
  body: ToSend<"CleanRoomRequest">,
  retaken: boolean,
): Promise<Made<MadeThing>> {
  const shown = ({ id, displayId, name }: { id: string; displayId: string; name: string }) => ({
    id,
    display_id: displayId,
    name,
  });
  const made = await once(retaken, {
    what: `the clean room "${body.name}"`,
    attempt: async () => shown(roomFrom(await habu.call("createCleanroom", { body }))),
    find: async () => {
      const same = (await listRooms(habu, { fresh: true })).find(({ name }) => name === body.name);
      return same === undefined ? undefined : shown(same);
    },
  });
  return { ...made, undo: `delete the clean room ${made.value.display_id ?? made.value.id}` };
}

export async function invite(
  habu: Habu,
  roomId: string,
  email: string,
  note: string | undefined,
): Promise<Made<MadeThing & { status: string }>> {
  const shown = ({ id, status }: { id: string; status: string }) => ({ id, name: email, status });
  // An invitation mails a person, so it is looked for first whatever happened before.
  const find = async () => {
    const same = (await listInvitations(habu, roomId, { fresh: true })).find(
      (one) => sameEmail(one.email, email) && isOpen(one.status),
    );
    return same === undefined ? undefined : shown(same);
  };
  const known = await find();
  if (known !== undefined)
    return { value: known, state: "skipped", detail: `already invited (${known.status})` };
  const { value, adopted } = await createOnce({
    what: `the invitation of ${email}`,
    attempt: async () =>
      shown(
        invitationFrom(
          await habu.call("addCleanroomPartner", {
            path: { cleanroomId: roomId },
            body: { partnerAdminEmail: email, ...(note === undefined ? {} : { invitationNote: note }) },
          }),
        ),
      ),
    find,
  });
  return { value, state: adopted ? "adopted" : "done", undo: `cancel the invitation of ${email}` };
}

/** Words of an invitation somebody may still answer, or has accepted. */
const isOpen = (status: string): boolean => !["DECLINED", "DECLINED_BY_ADMIN"].includes(status);

export async function addMember(
  habu: Habu,
  roomId: string,
  email: string,
  role: string,
): Promise<Made<MadeThing>> {
  const find = async () => {
    const same = (await listMembers(habu, roomId, { fresh: true })).find((one) =>
      sameEmail(one.email, email),
    );
    return same === undefined ? undefined : { id: same.id, name: same.name };
  };
  const known = await find();
  if (known !== undefined) return { value: known, state: "skipped", detail: "already a member" };
  const { value, adopted } = await createOnce({
    what: `the membership of ${email}`,
    attempt: async () => {
      const given = await habu.call("addCleanroomUser", {
        path: { cleanroomId: roomId },
        body: { email, role },
      });
      return { id: given.user?.id ?? given.id ?? "", name: given.user?.name ?? email };
    },
    find,
  });
  return { value, state: adopted ? "adopted" : "done", undo: `remove ${email} from the clean room` };
}

export async function provision(
  habu: Habu,
  roomId: string,
  connection: { id: string; name: string },
  consent: boolean,
): Promise<Made<MadeThing>> {
  const find = async () => {
    const same = (await listDatasets(habu, roomId, { fresh: true })).find(
      (one) => one.connectionId === connection.id,
    );
    return same === undefined ? undefined : { id: same.id, name: same.name };
  };
  const known = await find();
  if (known !== undefined) return { value: known, state: "skipped", detail: "already in the clean room" };
  const { value, adopted } = await createOnce({
    what: `the dataset of "${connection.name}"`,
    attempt: async () => {
      const given = await habu.call("configureCleanroomDataset", {
        path: { cleanroomId: roomId },
        query: { dataConnectionId: connection.id },
        body: { rampIDConsent: consent },
      });
      return { id: given.id ?? "", name: given.name ?? connection.name };
    },
    find,
  });
  return { value, state: adopted ? "adopted" : "done" };
}

export async function attachQuestion(
  habu: Habu,
  roomId: string,
  question: { id: string; name: string },
  editable: boolean,
): Promise<Made<MadeThing>> {
  const find = async () => {
    const same = (await listRoomQuestions(habu, roomId, { fresh: true })).find(
      ({ questionId }) => questionId === question.id,
    );
    return same === undefined ? undefined : { id: same.id, display_id: same.displayId, name: same.name };
  };
  const known = await find();
  if (known !== undefined) return { value: known, state: "skipped", detail: "already in the clean room" };
  const { value, adopted } = await createOnce({
    what: `the question "${question.name}" in the clean room`,
    attempt: async () => {
      const given = await habu.call("addCleanroomQuestion", {
        path: { cleanroomId: roomId },
        query: { questionId: question.id, isEditable: editable },
      });
      return { id: given.id ?? "", display_id: given.displayId ?? "", name: given.title ?? question.name };
    },
    find,
  });
  return {
    value,
    state: adopted ? "adopted" : "done",
    undo: `take the question ${value.display_id ?? value.id} out of the clean room`,
  };
}

/** A deletion is repeated until it, or a 404, says that the thing is gone. */
export async function remove(attempt: () => Promise<unknown>): Promise<void> {
  let tries = 0;
  await repeatUntilKnown(
    async () => {
      tries += 1;
      try {
        await attempt();
      } catch (error) {
        const gone = error instanceof ToolError && error.code === "NOT_FOUND";
        if (!(gone && tries > 1)) throw error;
      }
    },
    async () => undefined,
  );
}
