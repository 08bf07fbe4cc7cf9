import { distance } from "fastest-levenshtein";

/** The names that are most similar to a mistyped name, the nearest first. */
export function nearestOf(text: string, names: Iterable<string>, most = 3): string[] {
  const distances = [...names].map((name): [string, number] => [name, distance(name, text)]);
  return distances
    .sort(([, one], [, other]) => one - other)
    .slice(0, most)
    .map(([name]) => name);
}
