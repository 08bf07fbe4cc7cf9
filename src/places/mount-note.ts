import { z } from "zod";
import { orTold, toldSchema } from "../base/told.ts";
import { describeStackNote, stackNotes } from "./stack-note.ts";

const mount = {
  /** The services and paths at which it is mounted. */
  places: z.array(z.object({ service: z.string(), target: z.string() })),
  /** The user's file, folder or volume. */
  source: z.string(),
};

/** An intended difference between a run's stack and the user's files, or a mount that gives access beyond the run. */
export const mountNoteSchema = orTold(
  z.discriminatedUnion("code", [
    /** Nothing of the content of the user's folder or volume was copied. */
    z.object({ code: z.literal("emptied"), ...mount }),
    z.object({ code: z.literal("empty"), ...mount }),
    /** `leftOut`: the first paths that were not copied because they are data of programs. `furtherLeftOut`: the number of further ones. */
    z.object({
      code: z.literal("copied"),
      ...mount,
      leftOut: z.array(z.string()),
      furtherLeftOut: z.int(),
    }),
    /** A service with the engine's socket can see and change every container of the machine. Only in documents of earlier versions. */
    z.object({ code: z.literal("engine-socket"), service: z.string() }),
    /** A service has a stand-in in place of the engine's socket. */
    z.object({ code: z.literal("engine-stand-in"), service: z.string() }),
    ...stackNotes,
    toldSchema,
  ]),
);

export type MountNote = z.infer<typeof mountNoteSchema>;

/**
 * Describes a note in a few words. This is not with the other words of reports, because the override file of a run contains these texts as
 * well.
 */
export function describeMountNote(note: MountNote): string {
  switch (note.code) {
    case "told":
      return note.text;
    case "engine-socket":
      return `${note.service} has the socket of the engine, and so also sees every other container of this machine`;
    case "engine-stand-in":
      return `${note.service} has a stand-in for the socket of the engine, which shows only what writes the lines of the run`;
    case "emptied":
      return `${placesOf(note)}: empty, without what ${note.source} holds`;
    case "empty":
      return `${placesOf(note)}: empty, as ${note.source} is`;
    case "copied": {
      const named = note.leftOut.join(", ");
      const others = note.furtherLeftOut > 0 ? ` and ${note.furtherLeftOut} more` : "";
      const without = note.leftOut.length === 0 ? "" : `, without the data in it: ${named}${others}`;
      return `${placesOf(note)}: a copy of ${note.source}${without}`;
    }
    default:
      return describeStackNote(note);
  }
}

function placesOf({ places }: Pick<Extract<MountNote, { code: "empty" }>, "places">): string {
  return places.map(({ service, target }) => `${service} ${target}`).join(", ");
}
