import { isToolError } from "@mcp-data/core";
import type { Habu } from "../client/habu-client.ts";
import { collect } from "./collect.ts";
import { listRoomQuestions, type RoomQuestion } from "./questions.ts";
import { listRooms, type Room } from "./rooms.ts";
import { listRuns, type Run } from "./runs.ts";

export interface SurveyedQuestion {
  readonly room: Room;
  readonly question: RoomQuestion;
  readonly runs: readonly Run[];
  readonly cut: boolean;
}

export interface Survey {
  readonly rooms: readonly Room[];
  readonly surveyedRooms: readonly Room[];
  readonly questions: readonly RoomQuestion[];
  readonly entries: readonly SurveyedQuestion[];
  /** What was left out, in words. */
  readonly coverage: readonly string[];
}

/** Rooms, their questions and the questions' runs, within what one call may ask the platform. */
export async function surveyRuns(
  habu: Habu,
  options: {
    since: string;
    maxRooms: number;
    only?: Room;
    onProgress(done: number, total: number): void;
    reserve?: number;
  },
): Promise<Survey> {
  const rooms = options.only === undefined ? await listRooms(habu) : [options.only];
  const surveyedRooms = [...rooms]
    .sort((a, b) => (b.createdAt ?? "").localeCompare(a.createdAt ?? ""))
    .slice(0, options.maxRooms);
  const coverage: string[] = [];
  if (surveyedRooms.length < rooms.length)
    coverage.push(`${surveyedRooms.length} of ${rooms.length} rooms (the newest) were read`);
  const perRoom = await collect(surveyedRooms, async (room) => {
    try {
      return (await listRoomQuestions(habu, room.id)).map((question) => ({ room, question }));
    } catch (error) {
      if (!isToolError(error) || error.code !== "PERMISSION_DENIED") throw error;
      coverage.push(`questions of ${room.displayId} are not visible`);
      return [];
    }
  });
  const pairs = perRoom.flat();
  // Each question costs a call; some are kept for what the caller still wants to ask.
  const room = Math.max(0, Math.floor(habu.spent.left - (options.reserve ?? 20)));
  const chosen = pairs.slice(0, room);
  if (chosen.length < pairs.length)
    coverage.push(`runs of ${chosen.length} of ${pairs.length} questions were read`);
  let done = 0;
  const entries = await collect(chosen, async ({ room: one, question }) => {
    const { runs, cut } = await listRuns(habu, question.id, { since: options.since });
    done += 1;
    options.onProgress(done, chosen.length);
    return { room: one, question, runs, cut };
  });
  const cut = entries.filter((entry) => entry.cut).length;
  if (cut > 0) coverage.push(`only the newest 100 runs of ${cut} question(s) were read`);
  return { rooms, surveyedRooms, questions: pairs.map(({ question }) => question), entries, coverage };
}
