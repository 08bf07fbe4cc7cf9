import { z } from "zod";
import { orTold, toldSchema } from "../base/told.ts";

/** A file in a container that differs from the user's file, so that what ran is not the user's stack. */
export const mountDifferenceSchema = orTold(
  z.discriminatedUnion("code", [
    z.object({ code: z.literal("missing"), service: z.string(), path: z.string() }),
    /** `isWritten`: the container itself has written the file since it started. */
    z.object({ code: z.literal("another"), service: z.string(), path: z.string(), isWritten: z.boolean() }),
    /** The number of further files that differ and are not named. */
    z.object({ code: z.literal("further"), files: z.int() }),
    toldSchema,
  ]),
);

export type MountDifference = z.infer<typeof mountDifferenceSchema>;
