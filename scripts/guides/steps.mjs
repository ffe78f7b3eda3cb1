/** What a worked example says: the server's command line, and each call with the answer or error it must get. */
export function readExample(text) {
  const [, name, args = ""] = /```sh\nnpx (\S+)(?: (.*))?\n```/.exec(text) ?? [];
  if (name === undefined) throw new Error("the page does not say how the server is started");
  const found = [
    ...text.matchAll(/```json (?:call=(?<tool>\w+)|(?<kind>answer|error))\n(?<body>[\s\S]*?)```/g),
  ];
  const blocks = found.map(({ groups }) => ({ ...groups, body: JSON.parse(groups.body) }));
  const steps = [];
  for (let n = 0; n < blocks.length; n += 2) {
    const [call, reply] = blocks.slice(n, n + 2);
    if (call.tool === undefined || reply?.kind === undefined)
      throw new Error(`block ${n + 1} of the page is not a call followed by its answer`);
    steps.push({ tool: call.tool, input: call.body, kind: reply.kind, expected: reply.body });
  }
  return { name, args: args.split(" ").filter(Boolean), steps };
}

/** The call with each `{{path}}` replaced by what the answer before it holds there. */
export function filled(input, before) {
  const text = JSON.stringify(input).replace(/\{\{([\w.]+)\}\}/g, (_all, path) => {
    const value = path.split(".").reduce((at, key) => at?.[key], before);
    if (typeof value !== "string") throw new Error(`the answer before has no text at ${path}`);
    return JSON.stringify(value).slice(1, -1);
  });
  return JSON.parse(text);
}
