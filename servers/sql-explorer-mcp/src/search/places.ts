/** Where words of a table or column are found, with what a match there is worth. */
export const places = [
  { name: "name", weight: 1, usual: 2 },
  { name: "synonym", weight: 0.8, usual: 2 },
  { name: "description", weight: 0.4, usual: 8 },
  { name: "comment", weight: 0.4, usual: 8 },
  { name: "metric", weight: 0.35, usual: 8 },
  { name: "value", weight: 0.3, usual: 6 },
  { name: "schema", weight: 0.2, usual: 2 },
] as const;

export type Place = (typeof places)[number]["name"];

/** Weight of one word among `length` words: long texts say less with each. */
export function placeWeight(place: number, length: number): number {
  const { weight, usual } = places[place] ?? { weight: 0, usual: 1 };
  return weight / (0.5 + (0.5 * length) / usual);
}

/** 0 to 1: further matches add less and less. */
export function saturate(weight: number): number {
  return weight / (weight + 0.6);
}
