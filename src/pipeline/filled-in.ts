import { UsageError } from "../base/errors.ts";

/** What `everyline init` writes in the place of a value that it does not know. */
const placeholder = "FILL-IN";

/**
 * Refuses a configuration in which a value was not filled in that could be anything, such as a tenant.
 *
 * @throws UsageError naming the keys
 */
export function assertFilledIn(config: unknown, file: string): void {
  const keys = keysWith(config, []);
  if (keys.length === 0) return;
  throw new UsageError(
    `${file} still has ${placeholder} at ${keys.join(", ")}; the comment there says what was looked for. Put the value in its place, or ` +
      "remove the key if it may be left out.",
  );
}

function keysWith(value: unknown, path: readonly string[]): string[] {
  if (value === placeholder) return [path.join(".")];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => keysWith(one, [...path, key]));
}
