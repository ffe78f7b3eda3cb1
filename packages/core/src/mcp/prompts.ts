import type { Server } from "@modelcontextprotocol/server";
import { missingScopes } from "../auth/scopes.ts";
import type { PrincipalOf } from "./bind.ts";
import { answering, invalidParams } from "./rpc-error.ts";
import type { Surface } from "./surface.ts";

export function servePrompts<Services>(
  server: Server,
  surface: Surface<Services>,
  principalOf: PrincipalOf,
): void {
  server.setRequestHandler("prompts/list", (_request, ctx) => ({
    prompts: surface.prompts
      .filter(({ scopes }) => missingScopes(principalOf(ctx), scopes).length === 0)
      .map(({ name, title, description, args }) => ({
        name,
        title,
        description,
        arguments: args.map((arg) => ({
          name: arg.name,
          description: arg.description,
          required: arg.required,
        })),
      })),
  }));

  server.setRequestHandler("prompts/get", ({ params }, ctx) =>
    answering(surface.log, "prompts/get", undefined, async () => {
      const principal = principalOf(ctx);
      const prompt = surface.prompts.find(({ name }) => name === params.name);
      if (prompt === undefined || missingScopes(principal, prompt.scopes).length > 0) {
        throw invalidParams(`Unknown prompt: ${params.name.slice(0, 80)}`);
      }
      const given = params.arguments ?? {};
      const unknown = Object.keys(given).filter((name) => !prompt.args.some((arg) => arg.name === name));
      if (unknown.length > 0) throw invalidParams(`Unknown argument: ${unknown.join(", ").slice(0, 80)}`);
      const missing = prompt.args.filter((arg) => arg.required && given[arg.name] === undefined);
      if (missing.length > 0) {
        throw invalidParams(`Missing argument: ${missing.map((arg) => arg.name).join(", ")}`);
      }
      const { services } = surface;
      const messages = await surface.reader({
        method: "prompts/get",
        target: prompt.name,
        principal,
        signal: ctx.mcpReq.signal,
        work: (signal) => prompt.render(given, { services, principal, signal }),
        size: (rendered) => rendered.reduce((sum, { text }) => sum + text.length, 0),
      });
      return {
        description: prompt.description,
        messages: messages.map(({ role, text }) => ({ role, content: { type: "text" as const, text } })),
      };
    }),
  );
}
