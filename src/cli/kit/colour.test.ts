import { PassThrough } from "node:stream";
import { WriteStream } from "node:tty";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { wantsColour } from "./colour.ts";

const pipe = new PassThrough();
const terminal = Object.assign(new PassThrough(), {
  isTTY: true,
  getColorDepth: WriteStream.prototype.getColorDepth,
});

beforeEach(() => {
  for (const name of ["NO_COLOR", "FORCE_COLOR", "NODE_DISABLE_COLORS", "CI", "COLORTERM", "TMUX"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("TERM", "xterm-256color");
});
afterEach(() => vi.unstubAllEnvs());

describe("wantsColour", () => {
  it.each([
    { set: {}, onTerminal: true, inPipe: false },
    { set: { NO_COLOR: "1" }, onTerminal: false, inPipe: false },
    { set: { NO_COLOR: "" }, onTerminal: true, inPipe: false },
    { set: { TERM: "dumb" }, onTerminal: false, inPipe: false },
    { set: { NODE_DISABLE_COLORS: "1" }, onTerminal: false, inPipe: false },
    { set: { FORCE_COLOR: "1" }, onTerminal: true, inPipe: true },
    { set: { FORCE_COLOR: "" }, onTerminal: true, inPipe: true },
    { set: { FORCE_COLOR: "0" }, onTerminal: false, inPipe: false },
    { set: { FORCE_COLOR: "1", NO_COLOR: "1" }, onTerminal: true, inPipe: true },
  ])("with $set: terminal $onTerminal, pipe $inPipe", ({ set, onTerminal, inPipe }) => {
    for (const [name, value] of Object.entries(set)) vi.stubEnv(name, value);
    expect({ onTerminal: wantsColour(terminal), inPipe: wantsColour(pipe) }).toEqual({ onTerminal, inPipe });
  });
});
