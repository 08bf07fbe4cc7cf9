import { z } from "zod";
import { messageOf } from "../../base/errors.ts";

const eventSchema = z.looseObject({
  id: z.string().optional(),
  status: z.string().optional(),
  stream: z.string().optional(),
  error: z.string().optional(),
});

/** One line of what the engine says while it pulls or builds. */
export type EngineEvent = z.infer<typeof eventSchema>;

/**
 * The events of a pull or a build as they come.
 *
 * @throws Error where the engine reports one within the stream: its HTTP status was sent long before
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

/** What the engine gave as its reason when it refused a request, without the words that dockerode puts before it. */
export function engineMessage(thrown: unknown): string {
  return messageOf(thrown)
    .replace(/^\(HTTP code \d+\) .*? - /, "")
    .trim();
}
