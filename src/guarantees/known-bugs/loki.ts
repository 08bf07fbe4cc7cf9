import type { Row } from "../row.ts";

/** Defects of Loki that scenarios of `known-bugs/` reproduce: each breaks a promise that its part makes. */
export const loki: Row[] = [];
