import type { Completer, ReadContext } from "../resource/define-resource.ts";

export interface PromptArgument<Services> {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly complete?: Completer<Services>;
}

export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}

export interface PromptDefinition<Services> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly scopes: readonly string[];
  readonly args: readonly PromptArgument<Services>[];
  render(
    args: Readonly<Record<string, string>>,
    context: ReadContext<Services>,
  ): Promise<readonly PromptMessage[]>;
}

export function definePrompt<Services>(definition: PromptDefinition<Services>): PromptDefinition<Services> {
  return definition;
}
