import { z } from "zod";
import { messageOf } from "../../base/errors.ts";

const eventSchema = z.looseObject({
  id: z.string().optional(),
  status: z.string().optional(),
  stream: z.string().optional(),
  error: z.string().optional(),
});

/** One line of the engine's output while it pulls or builds. */
export type EngineEvent = z.infer<typeof eventSchema>;

/**
 * The events of a pull or a build as they arrive.
 *
 * @throws Error if the engine reports an error within the stream, after it has sent the HTTP status
 */
export async function* engineEvents(stream: NodeJS.ReadableStream): AsyncGenerator<EngineEvent> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() === "") continue;
      const event = eventSchema.parse(JSON.parse(line));
      if (event.error !== undefined) throw new Error(event.error);
      yield event;
    }
  }
}

/** The engine's reason for refusing a request, without the prefix that dockerode adds. */
export function engineMessage(thrown: unknown): string {
  return messageOf(thrown)
    .replace(/^\(HTTP code \d+\) .*? - /, "")
    .trim();
}
