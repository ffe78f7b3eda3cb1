import { ToolError } from "@mcp-data/core";
import { createOnce } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import type { MadeThing } from "../habu/make.ts";
import { plainText } from "../habu/plain-text.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function createQuestion(work: Work<Input>): Promise<MadeThing> {
  const { input, habu } = work;
  const create = input.create;
  if (create === undefined) throw new ToolError("INTERNAL_ERROR", "There is no question to create.");
  const pairs = (given: Record<string, string> | undefined) =>
    Object.entries(given ?? {}).map(([name, type]) => ({ name, type }));
  type DataTypes = NonNullable<NonNullable<ToSend<"Question">["questionDetails"]>["dataTypes"]>;
  const body: ToSend<"Question"> = {
    questionDetails: {
      title: create.title,
      category: create.category,
      ...(create.description === undefined ? {} : { description: create.description }),
      isAnalytics: true,
      outputFormat: "REPORT",
      visualization: "NO_CHART",
      queryDetails: [{ query: create.sql, cleanRoomType: "Hybrid", queryLanguage: "SQL" }],
      dataTypes: Object.entries(create.macros).map(([macro, { type, fields }]) => ({
        macro,
        importDataType: type,
        dataSetTypeFields: pairs(fields),
      })) as DataTypes,
      parameters: pairs(create.parameters),
      dimensions: pairs(create.dimensions),
      measures: pairs(create.measures),
    },
    settings: { queryValidation: true },
  };
  return work.step("create", `question "${plainText(create.title, 60)}"`, async (retaken) => {
    if (retaken) throw notClear(create.title);
    const { value, adopted } = await createOnce({
      what: `the question "${create.title}"`,
      attempt: async () => {
        const given = await habu.call("createQuestion", { body });
        return { id: given.questionID ?? "", name: create.title };
      },
      // The platform cannot list questions, so a lost answer cannot be cleared up.
      find: async () => {
        throw new ToolError("UNSUPPORTED", "Questions that are in no clean room cannot be listed.");
      },
    });
    return {
      value,
      state: adopted ? ("adopted" as const) : ("done" as const),
      undo: `delete the question ${value.id} in the console`,
    };
  });
}

/** Made again, it might exist twice. */
function notClear(title: string): ToolError {
  return new ToolError("CONFLICT", `Whether the question "${plainText(title, 60)}" exists cannot be told.`, {
    hint: "An earlier attempt got no answer and the platform cannot list questions. Look in the console: give its id as question, or, if it is not there, create it with another title.",
    details: { reason: "UNKNOWN_OUTCOME", applied: "unknown" },
  });
}
