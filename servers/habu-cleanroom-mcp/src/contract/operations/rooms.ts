/** Clean rooms. */
export const roomsOperations = {
  createCleanroom: { method: "POST", path: "/cleanrooms", body: "CleanRoomRequest", reply: "CleanRoom" },
  getAllCleanrooms: {
    method: "GET",
    path: "/cleanrooms",
    query: { limit: "integer", offset: "integer" },
    reply: "CleanRooms",
  },
  getCleanroomById: { method: "GET", path: "/cleanrooms/{cleanroomId}", reply: "CleanRoom" },
  updateCleanroom: {
    method: "PUT",
    path: "/cleanrooms/{cleanroomId}",
    body: "CleanRoomRequest",
    reply: "CleanRoom",
  },
  deleteCleanroom: { method: "DELETE", path: "/cleanrooms/{cleanroomId}", reply: "DeleteResponse" },
  getCleanroomTypes: { method: "GET", path: "/cleanrooms/cleanroom-types", reply: "CleanRoomTypes" },
  getCleanroomAssetDetails: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/assets",
    reply: "CleanroomAssetDetails",
  },
  createCleanRoomExecutionTemplateInstance: {
    method: "POST",
    path: "/cleanrooms/{cleanroomId}/create-cleanroom-execution-instance",
    body: "CleanRoomExecutionInstanceInput",
    reply: "MeasurementExecutionTemplateResponse",
  },
  getCleanRoomMeasurementExecutionInstance: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/cleanroom-execution-instance/{cleanRoomMeasurementExecutionInstanceId}",
    reply: "CleanRoomMeasurementExecutionInstanceStatusResponse",
  },
  cancelCleanRoomMeasurementExecutionInstance: {
    method: "POST",
    path: "/cleanrooms/{cleanroomId}/cleanroom-execution-instance/{cleanRoomMeasurementExecutionInstanceId}",
    reply: "DeleteResponse",
  },
} as const;
