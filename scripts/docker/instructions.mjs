/** A Dockerfile as `[{ name, from, instructions: [{ word, rest }] }]`, one entry per stage. */
export function stagesOf(dockerfile) {
  const lines = dockerfile
    .replace(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const stages = [];
  for (const line of lines) {
    const [word, ...parts] = line.split(/\s+/);
    const rest = parts.join(" ");
    if (word === "FROM") {
      const [, from, name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest);
      stages.push({ name: name ?? String(stages.length), from, instructions: [] });
    } else {
      stages.at(-1).instructions.push({ word, rest });
    }
  }
  return stages;
}
