import { UnavailableError } from "../base/errors.ts";

/**
 * Makes sure that a place has a capability that not every place has.
 *
 * @param what it would be asked to do, as in "stop a process where it is"
 * @throws UnavailableError if it is missing
 */
export function assertAble(capability: unknown, what: string): void {
  if (capability === undefined) throw new UnavailableError(`the pipeline runs where nobody can ${what}.`);
}
