/** What a call gives; a failure ends the demo. */
export async function ask(server, tool, args) {
  const answer = await server.call(tool, args);
  if (!answer.success) throw new Error(`${tool} failed: ${answer.error.code} ${answer.error.message}`);
  return answer.data;
}

export async function show(server, screen, tool, args) {
  screen.call(tool, args);
  return ask(server, tool, args);
}

/** Shows a call and its refusal; being answered ends the demo. */
export async function showRefused(server, screen, tool, args) {
  screen.call(tool, args);
  const { success, error } = await server.call(tool, args);
  if (success) throw new Error(`the server allowed ${tool} ${JSON.stringify(args)}`);
  screen.refused(error.code, error.message, error.hint);
}
