import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startProgress } from "./preparation-progress.ts";

describe("startProgress", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("tells at once what starts, then how long it has been going on and the newest note", () => {
    const told: string[] = [];
    const progress = startProgress("building store", (text) => told.push(text));
    vi.advanceTimersByTime(5_000);
    progress.note("package one");
    progress.note("package two\n");
    progress.note("  ");
    vi.advanceTimersByTime(5_000);
    progress.end();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(["building store", "building store (5 s)", "building store (10 s): package two"]);
  });
});
