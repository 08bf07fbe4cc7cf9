import { UnavailableError } from "../base/errors.ts";

/**
 * Makes sure that a place has an optional capability.
 *
 * @param what the capability, as in "stop a process where it is"
 * @throws UnavailableError if it is missing
 */
export function assertAble(capability: unknown, what: string): void {
  if (capability === undefined)
    throw new UnavailableError(`the pipeline runs in a place that cannot ${what}.`);
}
