import type { Row } from "../row.ts";

/** Defects of what brings lines to Loki: Promtail and kafkajs that scenarios of `known-bugs/` reproduce: each breaks a promise that its part makes. */
export const shippers: Row[] = [];
