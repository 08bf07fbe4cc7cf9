import { z } from "zod";
import { stdoutSchema } from "./stdout-source.ts";

/** Where a custom pipeline's lines come from. Exactly one key says so. */
export const sourceSchema = z
  .strictObject({
    /** The folder in the shipper's container from which it ships every `*.log`. */
    folder: z.string().startsWith("/", "expected a path in the shipper's container").optional(),
    /** The stdout of containers, which the shipper reads from the container engine. */
    stdout: stdoutSchema.optional(),
  })
  .superRefine(({ folder, stdout }, context) => {
    const given = [folder, stdout].filter((value) => value !== undefined).length;
    if (given === 1) return;
    const message = `expected either folder (log files) or stdout (the stdout of containers)${given === 0 ? "" : ", not both"}`;
    context.addIssue({ code: "custom", message });
  });
