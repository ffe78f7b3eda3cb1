import { connectionsShapes } from "./shapes/connections.ts";
import { datasetsShapes } from "./shapes/datasets.ts";
import { exportsShapes } from "./shapes/exports.ts";
import { flowsShapes } from "./shapes/flows.ts";
import { peopleShapes } from "./shapes/people.ts";
import { questionsShapes } from "./shapes/questions.ts";
import { roomQuestionsShapes } from "./shapes/room-questions.ts";
import { roomsShapes } from "./shapes/rooms.ts";
import { runsShapes } from "./shapes/runs.ts";
import { serviceShapes } from "./shapes/service.ts";
import { sourcesShapes } from "./shapes/sources.ts";

/**
 * What travels, in a small notation: an object of fields, a list of allowed words, or another type.
 * `!` marks a required field, `X[]` a list, `map<X>` an object with free keys.
 */
export const shapes = {
  ...serviceShapes,
  ...roomsShapes,
  ...connectionsShapes,
  ...questionsShapes,
  ...roomQuestionsShapes,
  ...runsShapes,
  ...peopleShapes,
  ...datasetsShapes,
  ...flowsShapes,
  ...sourcesShapes,
  ...exportsShapes,
};

export type Shapes = typeof shapes;
export type ShapeSpec = string | readonly string[] | { readonly [field: string]: string };

export function shapeOf(name: string): ShapeSpec | undefined {
  return Object.hasOwn(shapes, name) ? (shapes as Record<string, ShapeSpec>)[name] : undefined;
}
