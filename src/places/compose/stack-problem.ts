/** Something in the user's files that makes a run impossible, or its verdict worthless. */
export interface StackProblem {
  /** The file and the line, such as `compose.yaml:12`; undefined if it stands nowhere. */
  at: string | undefined;
  /** What is wrong and what to do, in sentences. */
  text: string;
}

/** A problem as a line of a message. */
export function describeProblem({ at, text }: StackProblem): string {
  return at === undefined ? text : `${at}: ${text}`;
}
