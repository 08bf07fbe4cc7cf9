import { z } from "zod";

const service = z.string().min(1);
const file = z.string().min(1);

/** What the configuration says about which services run, and with which variables. */
export const whatRunsSchemas = {
  /** Files with variables for the Compose files, in place of `.env`, relative to this file; as `--env-file` of Compose. */
  envFile: z.union([file, z.array(file).min(1)]).optional(),
  /** Profiles of the Compose files whose services count as active; as `--profile` of Compose. */
  profiles: z.array(service).default([]),
  /** Services that run in addition to those that the others need. */
  with: z.array(service).default([]),
  /** Services that never run, although something depends on them. */
  without: z.array(service).default([]),
};

/** Why a service runs that no part of the configuration names. */
export type Need =
  /** A service that runs depends on it (`depends_on`). */
  | { code: "dependency"; of: string }
  /** The configuration, command or environment of a service that runs names it as a host. */
  | { code: "named-host"; by: string; where: string }
  /** The configuration lists it under `with`. */
  | { code: "asked-for" };

/** Which services of the Compose files run. */
export interface RunningServices {
  /** All that are started. */
  started: string[];
  /** Of these, those that no part names, with the reason. */
  needs: ReadonlyMap<string, Need>;
  /** Services that something started depends on, and that do not run because the configuration says so. */
  without: string[];
}

/** What a run starts that attaches to a running stack. */
export const noServices: RunningServices = { started: [], needs: new Map(), without: [] };
