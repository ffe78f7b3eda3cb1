/** Questions of the organisation. */
export const questionsOperations = {
  getQuestionDetails: {
    method: "GET",
    path: "/question/{questionID}",
    query: { cleanRoomID: "string", version: "integer" },
    reply: "Question",
  },
  deleteQuestion: { method: "DELETE", path: "/question/{questionID}", reply: "DeleteQuestionResponse" },
  updateQuestion: {
    method: "PUT",
    path: "/question/{questionID}",
    query: { cleanRoomID: "string" },
    body: "Question",
    reply: "QuestionUpdateResponse",
  },
  createQuestion: {
    method: "POST",
    path: "/question",
    query: { cleanRoomID: "string" },
    body: "Question",
    reply: "QuestionCreationResponse",
  },
  getQuestionDataTypes: {
    method: "GET",
    path: "/question/{questionID}/data-types",
    reply: "QuestionDataType",
  },
} as const;
