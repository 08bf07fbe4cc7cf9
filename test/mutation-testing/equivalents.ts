/** A change of the source that no test can notice, and why. */
export interface Equivalent {
  file: string;
  /** What stands there, and what it is changed into; white space does not count. */
  code: string;
  becomes: string;
  why: string;
}

/** Every change that survives `npm run mutation-testing` for a reason. */
export const equivalents: Equivalent[] = [];
