import { z } from "zod";
import { orTold, toldSchema } from "../base/told.ts";

/** A file that a container mounts and that is not the user's, so that what ran is not what the user has. */
export const mountDifferenceSchema = orTold(
  z.discriminatedUnion("code", [
    z.object({ code: z.literal("missing"), service: z.string(), path: z.string() }),
    /** `isWritten`: the container has written it itself since it started. */
    z.object({ code: z.literal("another"), service: z.string(), path: z.string(), isWritten: z.boolean() }),
    /** Further files, which are not named. */
    z.object({ code: z.literal("further"), files: z.int() }),
    toldSchema,
  ]),
);

export type MountDifference = z.infer<typeof mountDifferenceSchema>;
