import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { type EngineEvent, engineEvents, engineMessage } from "./engine-events.ts";

async function collect(chunks: string[]): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  for await (const event of engineEvents(Readable.from(chunks.map((chunk) => Buffer.from(chunk)))))
    events.push(event);
  return events;
}

describe("engineEvents", () => {
  it("puts events together that were cut into pieces, and ignores blank lines", async () => {
    expect(await collect(['{"status":"Pul', 'ling","id":"a"}\r\n\r\n{"stream":"Step 1', '"}\n'])).toEqual([
      { status: "Pulling", id: "a" },
      { stream: "Step 1" },
    ]);
  });

  it("throws the error that the engine reports after it has sent status 200", async () => {
    await expect(collect(['{"stream":"Step 1"}\n{"error":"no space left on device"}\n'])).rejects.toThrow(
      "no space left on device",
    );
  });
});

describe("engineMessage", () => {
  it("leaves out what dockerode puts before the engine's words", () => {
    expect(engineMessage(new Error("(HTTP code 404) no such image - pull access denied "))).toBe(
      "pull access denied",
    );
  });
});
