import { uuidOf } from "../random.ts";
import type { Question } from "../world.ts";
import { type Handlers, questionOf, refuse } from "./handler.ts";
import { attach } from "./one-room-question.ts";

export const questionHandlers: Handlers = {
  getQuestionDetails: ({ world, path }) => shown(questionOf(world, path.questionID ?? "")),

  createQuestion({ world, now, query, body }) {
    const details = body.questionDetails ?? {};
    if (!details.title || !details.category)
      return { success: false, message: "Title and category are mandatory." };
    const sql: string = details.queryDetails?.[0]?.query ?? "";
    const macros: string[] = (details.dataTypes ?? []).map(({ macro }: { macro: string }) => macro);
    const unknown = macros.find((macro) => !sql.includes(`@${macro}`));
    if (unknown !== undefined)
      return { success: false, message: `Macro ${unknown} is not used in the query (case matters).` };
    const id = world.nextId("question");
    const made: Question = {
      id,
      displayId: `Q-${200 + (world.counters.question ?? 0)}`,
      title: details.title,
      category: details.category,
      description: details.description ?? "",
      sql,
      list: details.isUserListQuestion === true,
      dataTypes: (details.dataTypes ?? []).map((one: Record<string, never>) => ({
        macro: one.macro,
        importDataType: one.importDataType ?? "Generic",
        fields: one.dataSetTypeFields ?? [],
      })),
      parameters: (details.parameters ?? []).map(({ name, type }: { name: string; type: string }) => ({
        name,
        type,
      })),
      dimensions: details.dimensions ?? [],
      measures: details.measures ?? [],
      ownerId: world.organisation.id,
    };
    world.questions.push(made);
    if (query.cleanRoomID !== undefined) attach(world, query.cleanRoomID, made, now);
    return { success: true, message: "", questionID: id };
  },

  updateQuestion({ world, path, body }) {
    const found = questionOf(world, path.questionID ?? "");
    const details = body.questionDetails ?? {};
    if (!details.title || !details.category)
      return { success: false, message: "Title and category are mandatory." };
    found.title = details.title;
    found.category = details.category;
    found.sql = details.queryDetails?.[0]?.query ?? found.sql;
    return { success: true, message: "", question: shown(found).questionDetails };
  },

  deleteQuestion({ world, path }) {
    const found = questionOf(world, path.questionID ?? "");
    if (world.roomQuestions.some((one) => one.questionId === found.id))
      refuse(400, "The question is used in a clean room.");
    world.questions.splice(world.questions.indexOf(found), 1);
    return { success: true };
  },

  getQuestionDataTypes: ({ world, path }) =>
    shown(questionOf(world, path.questionID ?? "")).questionDetails.dataTypes[0] ?? {},
};

function shown(question: Question) {
  return {
    id: question.id,
    organizationID: question.ownerId,
    questionDetails: {
      title: question.title,
      displayId: question.displayId,
      category: question.category,
      description: question.description,
      version: 1,
      isAnalytics: !question.list,
      isUserListQuestion: question.list,
      queryDetails: [{ query: question.sql, cleanRoomType: "Hybrid", queryLanguage: "SQL" }],
      dataTypes: question.dataTypes.map(({ macro, importDataType, fields }) => ({
        id: uuidOf(question.id, macro),
        macro,
        importDataType,
        dataSetTypeFields: fields.map(({ name, type }) => ({ name, type })),
      })),
      parameters: question.parameters.map(({ name, type }) => ({ name, type })),
      dimensions: question.dimensions.map(({ name, type }) => ({ name, type })),
      measures: question.measures.map(({ name, type }) => ({ name, type })),
    },
  };
}
