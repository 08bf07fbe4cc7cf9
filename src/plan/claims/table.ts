import type { Claim } from "../claim.ts";
import { alertDrills } from "./alert-drills.ts";
import { diskFull } from "./disk-full.ts";
import { knownBadClaims } from "./known-bad.ts";
import { loki } from "./known-bugs-loki.ts";
import { shippers } from "./known-bugs-shippers.ts";
import { openTelemetry } from "./opentelemetry.ts";
import { optionOne } from "./option-1.ts";
import { optionTwo } from "./option-2.ts";
import { stdout } from "./stdout.ts";
import { victoriaLogs } from "./victorialogs.ts";

const ofTheRows: Claim[] = [
  ...optionOne,
  ...optionTwo,
  ...diskFull,
  ...stdout,
  ...victoriaLogs,
  ...openTelemetry,
  ...shippers,
  ...loki,
  ...alertDrills,
].flatMap(({ measured, ...row }) =>
  Object.entries(measured).map(([pipeline, result]) => ({
    id: `${pipeline}/${row.scenario}`,
    pipeline,
    ...row,
    measured: result,
  })),
);

/**
 * The guarantees table: every claim of the reference architecture in its order, with the result that was measured on each pipeline; then
 * the claims about known bugs, about alerts, and those that test Everyline itself.
 */
export const claims: Claim[] = [...ofTheRows, ...knownBadClaims];
