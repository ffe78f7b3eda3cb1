import { ToolError } from "@mcp-data/core";
import type { ToSend } from "../contract/types.ts";
import { nearest } from "../habu/near.ts";
import { resolve } from "../habu/resolve.ts";
import { listCredentials, listDataTypes, listSettings, listSources } from "../habu/sources.ts";
import type { Question, Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

type Request =
  | { readonly body: ToSend<"DataConnectionDetails"> }
  | { readonly questions: Question[]; readonly shown: Record<string, unknown> };

/** What to create, or what must be asked first; whatever has one possible value is taken and said. */
export async function requestFor(work: Work<Input>): Promise<Request> {
  const { input, habu } = work;
  const sources = await listSources(habu);
  const credentials = await listCredentials(habu);
  if (input.source === undefined) {
    const usable = sources.filter(({ credentialSource }) =>
      credentials.some(({ source }) => source === credentialSource),
    );
    return {
      questions: [
        {
          field: "source",
          why: "Where the data is.",
          candidates: (usable.length > 0 ? usable : sources).map(({ name }) => name),
        },
      ],
      shown: { sources_with_credentials: usable.map(({ name }) => name) },
    };
  }
  const source = resolve("data source", input.source, sources);
  const types = await listDataTypes(habu, source.id);
  const fitting = credentials.filter((one) => one.source === source.credentialSource);
  const questions: Question[] = [];
  const type = input.data_type === undefined ? undefined : resolve("data type", input.data_type, types);
  if (type === undefined)
    questions.push({
      field: "data_type",
      why: "What the data is about.",
      candidates: types.map(({ name }) => name),
    });
  if (fitting.length === 0) {
    throw new ToolError(
      "CONFLICT",
      `The organisation has no credential of kind "${source.credentialSource}".`,
      {
        hint: "Make one in the console (Credentials), then call again. Secrets never pass through this server.",
        details: { reason: "NO_CREDENTIAL" },
      },
    );
  }
  const credential =
    input.credential === undefined
      ? fitting.length === 1
        ? fitting[0]
        : undefined
      : resolve("credential", input.credential, fitting);
  if (credential === undefined)
    questions.push({
      field: "credential",
      why: "Several fit this source.",
      candidates: fitting.map(({ name }) => name),
    });
  else if (input.credential === undefined)
    work.assume(`credential ${credential.name}, the only one that fits`);
  const names = await listSettings(habu, source.id, type?.id ?? types[0]?.id ?? "");
  const given = Object.entries(input.settings ?? {});
  const unknown = given.find(([name]) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ToolError("VALIDATION_ERROR", `"${unknown[0].slice(0, 60)}" is no setting of this source.`, {
      hint: `Settings: ${names.join(", ")}.`,
      details: { reason: "UNKNOWN_SETTING", near: nearest(unknown[0], names) },
    });
  }
  const secret = given.find(([name]) => /secret|password|private|token|credential/i.test(name));
  if (secret !== undefined)
    throw new ToolError("VALIDATION_ERROR", `"${secret[0].slice(0, 60)}" looks like a secret.`, {
      hint: "Secrets belong to a credential made in the console.",
    });
  if (given.length === 0 && names.length > 0)
    questions.push({ field: "settings", why: "Where exactly, and in which form.", candidates: names });
  if (questions.length > 0 || type === undefined || credential === undefined)
    return { questions, shown: { source: source.name } };
  if (input.category === undefined) work.assume('category "First party"');
  return {
    body: {
      name: input.name,
      category: input.category ?? "First party",
      credentialId: credential.id,
      dataType: { displayName: type.name } as NonNullable<ToSend<"DataConnectionDetails">["dataType"]>,
      dataSource: { displayName: source.name } as NonNullable<ToSend<"DataConnectionDetails">["dataSource"]>,
      dataSourceConfiguration: given.map(([name, value]) => ({ name, value })),
    },
  };
}
