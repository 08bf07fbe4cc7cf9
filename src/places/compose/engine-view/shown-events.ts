import { type Shown, shownEvent } from "./shown-answers.ts";

const longestEvent = 2 ** 20;

/**
 * Changes the engine's stream of events, each a line of JSON, to what is shown of it.
 *
 * @throws RangeError if an event is longer than 1 MiB
 */
export async function* shownEvents(
  chunks: AsyncIterable<Buffer>,
  shown: readonly Shown[],
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let left = "";
  for await (const chunk of chunks) {
    const lines = `${left}${decoder.decode(chunk, { stream: true })}`.split("\n");
    left = lines.pop()!;
    if (left.length > longestEvent) throw new RangeError("an event of the engine is longer than 1 MiB");
    for (const line of lines.filter((text) => text.trim() !== "")) {
      const event = shownEvent(JSON.parse(line), shown);
      if (event !== undefined) yield `${JSON.stringify(event)}\n`;
    }
  }
}
