import { Writable } from "node:stream";
import { WriteStream } from "node:tty";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunStatus } from "../../run/run-request.ts";
import type { Progress } from "./progress.ts";
import { progressOn } from "./progress-on.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  for (const name of ["FORCE_COLOR", "NODE_DISABLE_COLORS", "CI", "COLORTERM", "TMUX"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("NO_COLOR", "1");
  vi.stubEnv("TERM", "xterm-256color");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** A stream that keeps what is written to it; a terminal of 80 columns if told so. */
function fakeStream(isTTY: boolean): WriteStream & { text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const terminal = { isTTY, columns: 80, getColorDepth: WriteStream.prototype.getColorDepth };
  return Object.assign(stream, isTTY ? terminal : {}, {
    text: () => chunks.join("").replaceAll("\r\x1b[K", "\n<over> ").replaceAll("\x1b", "ESC"),
  }) as unknown as WriteStream & { text: () => string };
}

const status: RunStatus = { phase: "up", written: 0, lines: 1_000, readable: 0, faultsInForce: [] };
const restart = { ...status, phase: "load" as const, written: 300, readable: 234 };

function tellOfARun(progress: Progress): void {
  progress.onEvent({ at: "", event: "image", text: "store:3.6.4 is ready" });
  progress.onStatus(status);
  vi.advanceTimersByTime(1_000);
  progress.onStatus({ ...restart, faultsInForce: ["restart sink"] });
  vi.advanceTimersByTime(50);
  progress.onStatus({ ...restart, written: 310, faultsInForce: ["restart sink"] });
  progress.onEvent({ at: "", event: "sampled" });
  progress.onEvent({ at: "", event: "warning", text: "the disk is nearly full" });
  vi.advanceTimersByTime(100);
  progress.onStatus({ ...restart, written: 1_000, readable: 1_000 });
  progress.end("holds");
  progress.end();
  vi.advanceTimersByTime(5_000);
}

describe("progressOn", () => {
  it("overwrites one line in a terminal, counts the time on, and leaves a line with the verdict", () => {
    const stream = fakeStream(true);
    tellOfARun(progressOn(stream, "direct/sink-restart (1/1)"));
    expect(stream.text()).toMatchInlineSnapshot(`
      "store:3.6.4 is ready

      <over>    0.0 s  direct/sink-restart (1/1)  up      ░░░░░░░░░░░░░░░░  0 of 1,000
      <over>    0.5 s  direct/sink-restart (1/1)  up      ░░░░░░░░░░░░░░░░  0 of 1,000
      <over>    1.0 s  direct/sink-restart (1/1)  up      ░░░░░░░░░░░░░░░░  0 of 1,000
      <over>    1.0 s  direct/sink-restart (1/1)  load    ██▒░░░░░░░  FAULT restart sink
      <over> the disk is nearly full

      <over>    1.1 s  direct/sink-restart (1/1)  load    ██▒░░░░░░░  FAULT restart sink
      <over>    1.1 s  direct/sink-restart (1/1)  load    ████████████████  1,000 of 1,000
      <over>    1.1 s  direct/sink-restart (1/1)  holds    1,000 of 1,000
      "
    `);
  });

  it("writes a line at each change where the stream is not a terminal", () => {
    const stream = fakeStream(false);
    tellOfARun(progressOn(stream, "direct/sink-restart (1/1)"));
    expect(stream.text()).toMatchInlineSnapshot(`
      "store:3.6.4 is ready
         0.0 s  direct/sink-restart (1/1)  up     | written 0/1000 | readable 0 | no fault
         1.0 s  direct/sink-restart (1/1)  load   | written 300/1000 | readable 234 | FAULT restart sink
      the disk is nearly full
         1.1 s  direct/sink-restart (1/1)  load   | written 1000/1000 | readable 1000 | no fault
      "
    `);
  });

  it("does not overwrite lines in a dumb terminal", () => {
    vi.stubEnv("TERM", "dumb");
    const stream = fakeStream(true);
    tellOfARun(progressOn(stream, "direct/sink-restart (1/1)"));
    expect(stream.text()).not.toContain("<over>");
  });

  it("uses colours in a terminal unless NO_COLOR is set", () => {
    vi.stubEnv("NO_COLOR", "");
    const stream = fakeStream(true);
    tellOfARun(progressOn(stream, "direct/sink-restart (1/1)"));
    expect(stream.text()).toContain("ESC[1m");
  });

  it("says in which phase a run ended that has no verdict", () => {
    const stream = fakeStream(true);
    const progress = progressOn(stream, "direct/sink-restart (1/1)");
    progress.onStatus(restart);
    progress.end();
    expect(stream.text().split("\n").at(-2)).toMatchInlineSnapshot(
      `"<over>    0.0 s  direct/sink-restart (1/1)  ended in phase load, without a verdict"`,
    );
  });

  it("writes nothing about a run that never began", () => {
    const stream = fakeStream(true);
    progressOn(stream, "direct/sink-restart (1/1)").end();
    expect(stream.text()).toBe("");
  });
});
