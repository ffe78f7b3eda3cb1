import { type OperationId, operationOf } from "../contract/operations.ts";

/** Which noun of the token's permissions guards a path; first match wins. Paths without a known noun are not guessed. */
const nouns: readonly (readonly [RegExp, string])[] = [
  [/cleanroom-question-runs|create-run/, "cleanroomquestionruns"],
  [/\/partners|\/invitations/, "cleanroompartners"],
  [/^\/cleanrooms\/[^/]+\/(users|cleanRoomRoles)/, "cleanroomusers"],
  [/cleanroom-questions/, "cleanroomquestions"],
  [/^\/(organization-credentials|credential-sources)/, "credentials"],
  [/^\/(data-connections|data-connection-views|data-sources|identifier-types)/, "dataconnections"],
  [/^\/question/, "questions"],
  [/^\/users$/, "users"],
  [/^\/cleanrooms(\/\{cleanroomId\})?$/, "cleanrooms"],
];

/** The `verb:noun` an operation most likely needs; undefined where nothing is known. */
export function permissionFor(id: OperationId): string | undefined {
  const { method, path } = operationOf(id);
  const noun = nouns.find(([pattern]) => pattern.test(path))?.[1];
  if (noun === undefined) return undefined;
  return `${method === "GET" ? "read" : method === "DELETE" ? "delete" : "write"}:${noun}`;
}

/** The permission a token clearly lacks. A token without the claim lacks nothing as far as we know. */
export function missingPermission(
  id: OperationId,
  permissions: readonly string[] | undefined,
): string | undefined {
  const needed = permissionFor(id);
  if (needed === undefined || permissions === undefined || permissions.includes(needed)) return undefined;
  return needed;
}
