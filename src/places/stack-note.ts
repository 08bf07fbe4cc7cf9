import { z } from "zod";

/** What a run has otherwise than the user's stack in services, networks and volumes. */
export const stackNotes = [
  /** A service that no part names runs, because the settings of another name it as a host; `where` those stand. */
  z.object({ code: z.literal("service-needed"), service: z.string(), by: z.string(), where: z.string() }),
  /** A service that others depend on does not run. `why`: null if the configuration says so. */
  z.object({ code: z.literal("service-left-out"), service: z.string(), why: z.string().nullable() }),
  /** `name`: the external network or volume of the engine. */
  z.object({ code: z.literal("private-network"), network: z.string(), name: z.string() }),
  z.object({ code: z.literal("private-volume"), volume: z.string(), name: z.string() }),
  z.object({ code: z.literal("subnet-moved"), network: z.string(), from: z.string(), to: z.string() }),
] as const;

type StackNote = z.infer<(typeof stackNotes)[number]>;

/** Describes a note in a few words. */
export function describeStackNote(note: StackNote): string {
  switch (note.code) {
    case "service-needed":
      return `${note.service} runs as well: ${note.by} names it as a host (${note.where})`;
    case "service-left-out":
      return `${note.service} does not run: ${note.why ?? "the configuration lists it under `without`"}`;
    case "private-network":
      return `the network ${note.network} is the run's own, not the external ${note.name}`;
    case "private-volume":
      return `the volume ${note.volume} is the run's own and begins empty, not the external ${note.name}`;
    case "subnet-moved":
      return `the network ${note.network} has the subnet ${note.to}, since ${note.from} is taken on this machine`;
  }
}
