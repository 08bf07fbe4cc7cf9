import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatewayResult } from "./gateway-result.ts";
import type { Pushed } from "./gateway-worker.ts";

const startedAtMs = 1_000_000;
const trial = { load: 100, durationSeconds: 10 };
const intended = 1_000;

function pushed(differs: Partial<Pushed["streams"][number]> = {}, others: Partial<Pushed> = {}): Pushed {
  const all = { pushed: intended, acknowledged: intended, inTime: intended, refused: {} };
  return {
    startedAtMs,
    streams: [{ ...all, lastAcknowledgedMs: startedAtMs + 10_500, ...differs }],
    ...{ busy: 0.2, isCutOff: false, ...others },
  };
}

const found = (lost = 0, duplicated = 0, of = intended) => ({
  ...{ delivered: of - lost, lost, duplicated, damaged: 0 },
});

describe("the result of a trial of the gateway", () => {
  it("is that of a trial that was taken if every line was acknowledged in time and is in the topic", () => {
    expect(gatewayResult(trial, intended, pushed(), found())).toEqual({
      ...{ intendedLines: intended, forwardedLines: intended, delivered: intended },
      ...{ lost: 0, duplicated: 0, damaged: 0, writtenLate: 0, late: 0, refused: {} },
      ...{ lagSeconds: 0.5, isBacklogLeft: false },
    });
  });

  it("does not count a line that was acknowledged and is not in the topic", () => {
    const result = gatewayResult(trial, intended, pushed(), found(7));
    expect(result).toMatchObject({ forwardedLines: intended - 7, lost: 7, late: 0, lagSeconds: null });
  });

  it("counts what was not pushed within the lag as late, and not as lost", () => {
    const result = gatewayResult(
      trial,
      intended,
      pushed({ pushed: 800, acknowledged: 800, inTime: 750 }),
      found(0, 0, 800),
    );
    expect(result).toMatchObject({
      forwardedLines: 750,
      lost: 0,
      late: 250,
      writtenLate: 0,
      lagSeconds: null,
    });
  });

  it("says that it was Everyline that was late if its thread was busy all the time", () => {
    const slow = pushed({ pushed: 800, acknowledged: 800, inTime: 800 }, { busy: 0.95 });
    expect(gatewayResult(trial, intended, slow, found(0, 0, 800))).toMatchObject({
      late: 200,
      writtenLate: 200,
    });
    expect(gatewayResult(trial, intended, pushed({}, { busy: 0.95 }), found())).toMatchObject({
      writtenLate: 0,
    });
  });

  it("tells a backlog by what was given up and is not there", () => {
    const cut = pushed({ acknowledged: 900, inTime: 900 }, { isCutOff: true });
    expect(gatewayResult(trial, intended, cut, found(100)).isBacklogLeft).toBe(true);
    expect(gatewayResult(trial, intended, cut, found()).isBacklogLeft).toBe(false);
  });

  it("adds up what was refused of all streams", () => {
    const [one] = pushed({ refused: { "status 429": 5, "no answer": 1 } }).streams;
    const [other] = pushed({ refused: { "status 429": 3 } }).streams;
    const two = { ...pushed(), streams: [one!, other!] };
    expect(gatewayResult(trial, 2 * intended, two, found(0, 0, 2 * intended)).refused).toEqual({
      "status 429": 8,
      "no answer": 1,
    });
  });

  it("never counts more lines as in time than are both acknowledged in time and in the topic", () => {
    // The slow and obvious way: what became of each line by itself.
    const line = fc.record({
      isPushed: fc.boolean(),
      isAcknowledged: fc.boolean(),
      isInTime: fc.boolean(),
      isThere: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
        const count = (of: (each: (typeof lines)[number]) => boolean) => lines.filter(of).length;
        const isAcknowledged = (each: (typeof lines)[number]) => each.isPushed && each.isAcknowledged;
        const of = count(({ isPushed }) => isPushed);
        const lost = count(({ isPushed, isThere }) => isPushed && !isThere);
        const { forwardedLines, late, delivered } = gatewayResult(
          trial,
          lines.length,
          pushed({
            ...{ pushed: of, acknowledged: count(isAcknowledged) },
            inTime: count((each) => isAcknowledged(each) && each.isInTime),
          }),
          found(lost, 0, of),
        );
        expect(forwardedLines + lost + late).toBe(lines.length);
        expect(forwardedLines).toBeLessThanOrEqual(delivered);
        const isTakenWhole = lines.every((each) => isAcknowledged(each) && each.isInTime && each.isThere);
        expect(forwardedLines === lines.length).toBe(isTakenWhole);
      }),
    );
  });
});
