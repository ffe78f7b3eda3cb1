import { isToolError, ToolError } from "@mcp-data/core";

const driverMessages = [
  "Connection terminated",
  "Client has encountered a connection error",
  "Client was closed",
  "timeout expired",
  "There was an error establishing an SSL connection",
  "The server does not support SSL",
];

/** Socket, TLS and driver failures; the server's own errors are told apart by their SQLSTATE. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = "code" in error ? error.code : undefined;
  if (
    typeof code === "string" &&
    /^(E[A-Z]+|ERR_(SSL|TLS|SOCKET)|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)
  )
    return true;
  return driverMessages.some((message) => error.message.startsWith(message));
}

/** CONNECTION_ERROR that says what kind of trouble it is, and neither host, user, file nor query. */
export function connectionError(error: unknown): ToolError {
  if (isToolError(error)) return error;
  const { message, hint } = describe(error);
  return new ToolError("CONNECTION_ERROR", message, { hint, retryAfterMs: 1_000, cause: error });
}

const again = "Call again shortly; when it keeps failing the operator must look.";
const configuration = "The operator must correct the source's configuration.";

function describe(error: unknown): { message: string; hint: string } {
  const code = errorCode(error);
  if (code.startsWith("28")) return { message: "The database refused the login.", hint: configuration };
  if (code.startsWith("3D"))
    return { message: "The configured database does not exist.", hint: configuration };
  if (code.startsWith("53")) return { message: "The database is out of a resource.", hint: again };
  if (code.startsWith("57P"))
    return { message: "The database is starting, stopping or restarting.", hint: again };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return { message: "The database's address could not be found.", hint: configuration };
  if (/SSL|TLS|CERT|SIGNED|UNABLE_TO/.test(code) || /SSL/.test(error instanceof Error ? error.message : ""))
    return { message: "An encrypted connection to the database could not be made.", hint: configuration };
  if (code === "ECONNREFUSED" || code === "ENOENT")
    return { message: "The database does not accept connections.", hint: again };
  return { message: "The connection to the database was lost or could not be made.", hint: again };
}

function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  // Node tries every address of a name and wraps what each of them said.
  if ("errors" in error && Array.isArray(error.errors)) return errorCode(error.errors[0]);
  return "cause" in error ? errorCode(error.cause) : "";
}
