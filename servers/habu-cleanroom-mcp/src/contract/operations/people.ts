/** Partners, invitations, users and roles. */
export const peopleOperations = {
  listPartnerInvitationsForInviter: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/invitations",
    reply: "InvitationDetail",
  },
  cancelPartnerInvitationByEmail: {
    method: "DELETE",
    path: "/cleanrooms/{cleanroomId}/invitations",
    query: { partnerEmail: "string!" },
    reply: "InvitationDetail",
  },
  cancelPartnerInvitationById: {
    method: "DELETE",
    path: "/cleanrooms/{cleanroomId}/invitations/{invitationId}",
    reply: "InvitationDetail",
  },
  addCleanroomPartner: {
    method: "POST",
    path: "/cleanrooms/{cleanroomId}/partners",
    body: "AddCleanRoomPartnerRequest",
    reply: "InvitationDetail",
  },
  getAllCleanroomPartners: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/partners",
    reply: "CleanRoomPartners",
  },
  getCleanroomPartnerById: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/partners/{cleanroomPartnerId}",
    reply: "CleanRoomPartnerResponse",
  },
  deleteCleanroomPartner: {
    method: "DELETE",
    path: "/cleanrooms/{cleanroomId}/partners/{cleanroomPartnerId}",
    reply: "DeleteResponse",
  },
  getCleanroomPartnerRoles: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/partners/{cleanroomPartnerId}/cleanRoomRoles",
    reply: "CleanRoomRoles",
  },
  getCleanroomPartnerRoleByID: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/partners/{cleanroomPartnerId}/cleanRoomRoles/{cleanRoomRoleId}",
    reply: "CleanRoomRole",
  },
  deleteCleanroomPartnerUser: {
    method: "DELETE",
    path: "/cleanrooms/{cleanroomId}/partners/{cleanroomPartnerId}/users/{cleanroomUserId}",
    reply: "DeleteResponse",
  },
  updateCleanroomPartnerUserRole: {
    method: "PUT",
    path: "/cleanrooms/{cleanroomId}/partners/{cleanroomPartnerId}/users/{cleanroomUserId}/cleanRoomRoles/{cleanRoomRoleId}",
    reply: "CleanRoomUser",
  },
  getCleanroomRoles: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/cleanRoomRoles",
    reply: "CleanRoomRoles",
  },
  getCleanroomRoleById: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/cleanRoomRoles/{cleanRoomRoleId}",
    reply: "CleanRoomRole",
  },
  addCleanroomUser: {
    method: "POST",
    path: "/cleanrooms/{cleanroomId}/users",
    body: "AddCleanRoomUserRequest",
    reply: "CleanRoomUser",
  },
  getCleanroomUsers: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/users",
    query: { cleanroomUserEmail: "string" },
    reply: "CleanRoomUsers",
  },
  getCleanroomUserById: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/users/{cleanroomUserId}",
    reply: "CleanRoomUser",
  },
  deleteCleanroomUser: {
    method: "DELETE",
    path: "/cleanrooms/{cleanroomId}/users/{cleanroomUserId}",
    reply: "DeleteResponse",
  },
  updateCleanroomUserRole: {
    method: "PUT",
    path: "/cleanrooms/{cleanroomId}/users/{cleanroomUserId}/cleanRoomRoles/{cleanRoomRoleId}",
    reply: "CleanRoomUser",
  },
  getAllOrganizationUsers: {
    method: "GET",
    path: "/users",
    query: { limit: "integer", offset: "integer" },
    reply: "OrganizationUsers",
  },
} as const;
