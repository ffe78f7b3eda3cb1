import type { OperationId, Operations } from "./operations.ts";
import type { Shapes } from "./shapes.ts";

type Side = "sent" | "received";

type Value<T, S extends Side> = T extends `${infer Bare}!`
  ? Value<Bare, S>
  : T extends `${infer Item}[]`
    ? Value<Item, S>[]
    : T extends `map<${infer Item}>`
      ? Record<string, Value<Item, S>>
      : T extends "string"
        ? string
        : T extends "integer" | "number"
          ? number
          : T extends "boolean"
            ? boolean
            : T extends keyof Shapes
              ? Shaped<Shapes[T], S>
              : unknown;

// A word the platform invents later must pass through, so received enums are plain text.
type Shaped<T, S extends Side> = T extends readonly (infer Word)[]
  ? S extends "sent"
    ? Word
    : string
  : T extends string
    ? Value<T, S>
    : S extends "sent"
      ? Sent<T>
      : { [K in keyof T]?: Value<T[K], S> };

type RequiredOf<T> = { [K in keyof T]: T[K] extends `${string}!` ? K : never }[keyof T];
type Sent<T> = { [K in RequiredOf<T>]: Value<T[K], "sent"> } & {
  [K in Exclude<keyof T, RequiredOf<T>>]?: Value<T[K], "sent">;
};

/** What a reply of this shape holds; any field may be missing. */
export type Received<Name extends keyof Shapes> = Shaped<Shapes[Name], "received">;
/** What a request body of this shape must hold. */
export type ToSend<Name extends keyof Shapes> = Shaped<Shapes[Name], "sent">;

type PathNames<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | PathNames<Rest> : never;

type PathArgs<Op> = Op extends { path: infer Path }
  ? [PathNames<Path>] extends [never]
    ? { readonly path?: undefined }
    : { readonly path: { readonly [K in PathNames<Path>]: string } }
  : never;

type QueryArgs<Op> = Op extends { query: infer Query }
  ? [RequiredOf<Query>] extends [never]
    ? { readonly query?: Sent<Query> }
    : { readonly query: Sent<Query> }
  : { readonly query?: undefined };

type BodyArgs<Op> = Op extends { body: infer Body }
  ? Body extends `${infer Bare}?`
    ? { readonly body?: Value<Bare, "sent"> }
    : { readonly body: Value<Body, "sent"> }
  : { readonly body?: undefined };

// Distributes: combining the parts of every operation with those of every other would be too much.
export type ArgsOf<Id extends OperationId> = Id extends OperationId
  ? PathArgs<Operations[Id]> & QueryArgs<Operations[Id]> & BodyArgs<Operations[Id]>
  : never;

export type ReplyOf<Id extends OperationId> = Operations[Id] extends { reply: infer Reply }
  ? Value<Reply, "received">
  : never;
