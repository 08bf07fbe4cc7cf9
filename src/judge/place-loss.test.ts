import fc from "fast-check";
import { expect, it } from "vitest";
import { type LossPlace, placeLoss } from "./place-loss.ts";

const passage = {
  written: 1_000,
  lost: 100,
  read: 1_000,
  dropped: 0,
  sent: 1_000,
  held: 900,
  isReadToEnd: true,
  shipperWasEnded: false,
};

it("names the source where the shipper never read the lines", () => {
  expect(placeLoss({ ...passage, read: 900, sent: 900 })).toBe("source");
  expect(placeLoss({ ...passage, lost: 1_000, read: 0, sent: 0, held: 0 })).toBe("source");
});

it("names the shipper where it gave up exactly as many lines, or nothing acknowledged them to it", () => {
  expect(placeLoss({ ...passage, dropped: 100, sent: 900 })).toBe("shipper");
  expect(placeLoss({ ...passage, sent: 900 })).toBe("shipper");
});

it("names the part that acknowledged lines which are not there", () => {
  expect(placeLoss(passage)).toBe("receiver");
  expect(placeLoss({ ...passage, held: 950 }), "some lines are there twice").toBe("receiver");
});

it("names the shipper, ended or not, where all that was acknowledged to it is there and all files were read", () => {
  const ended = { ...passage, read: 950, sent: 700, shipperWasEnded: true, acknowledged: 900 };
  expect(placeLoss(ended)).toBe("shipper");
  expect(placeLoss({ ...ended, isReadToEnd: false })).toBe("unknown");
  expect(placeLoss({ ...ended, acknowledged: 901 })).toBe("unknown");
});

it("names the part that acknowledged lines to the shipper which the part behind it never had", () => {
  expect(placeLoss({ ...passage, acknowledged: 900 })).toBe("receiver");
  expect(placeLoss({ ...passage, sent: 950, acknowledged: 900, shipperWasEnded: true })).toBe("unknown");
});

it("names no hop where the numbers allow several", () => {
  expect(placeLoss({ ...passage, dropped: 40, sent: 960 })).toBe("unknown");
  expect(placeLoss({ ...passage, read: 950, sent: 900 })).toBe("unknown");
  expect(placeLoss({ ...passage, lost: 0 })).toBe("unknown");
});

it("names no hop where the shipper sent the same lines over and over, which its count of them may stand for", () => {
  // Promtail on a disk that was full for a while: 351 lines 13 times each, of which two copies had another time.
  const repeated = { ...passage, written: 2_002, lost: 1_651, read: 2_002, sent: 4_563, held: 702 };
  expect(placeLoss(repeated)).toBe("unknown");
});

it("does not rely on the counters of a shipper that was ended, because its last counts are lost", () => {
  expect(placeLoss({ ...passage, read: 900, sent: 900, shipperWasEnded: true })).toBe("unknown");
});

it("does not blame the shipper for what was swallowed behind it, where copies or altered lines make up for the number", () => {
  const swallowed = { ...passage, lost: 100, held: 1_000, acknowledged: 1_000 };
  expect(placeLoss(swallowed)).toBe("receiver");
  expect(placeLoss({ ...swallowed, sent: 950 }), "50 lines were never acknowledged").toBe("unknown");
  const { acknowledged: _, ...uncounted } = swallowed;
  expect(placeLoss({ ...uncounted, sent: 950 })).toBe("unknown");
});

it("names no place that any of the lost lines was not lost at, whatever damages come together", () => {
  const lines = fc.integer({ min: 0, max: 20 });
  const damages = fc.record({
    delivered: lines,
    unread: lines,
    /** Given up by the shipper, or never acknowledged to it by the end. */
    dropped: lines,
    unacknowledged: lines,
    /** Acknowledged to the shipper and not forwarded, or forwarded as another text. */
    swallowed: lines,
    altered: lines,
    /** Forwarded once more than they were sent. */
    copies: lines,
    isGatewayCounted: fc.boolean(),
  });
  fc.assert(
    fc.property(
      damages,
      ({ delivered, unread, dropped, unacknowledged, swallowed, altered, copies, isGatewayCounted }) => {
        const lostAt: Partial<Record<LossPlace, number>> = {
          source: unread,
          shipper: dropped + unacknowledged,
          receiver: swallowed + altered,
        };
        const lost = unread + dropped + unacknowledged + swallowed + altered;
        const written = delivered + lost;
        const read = written - unread;
        const held = delivered + altered + copies;
        const place = placeLoss({
          ...{ written, lost, read, dropped, held },
          sent: read - dropped - unacknowledged,
          isReadToEnd: unread === 0,
          shipperWasEnded: false,
          ...(isGatewayCounted ? { acknowledged: held } : {}),
        });
        if (place !== "unknown") expect(lostAt[place]).toBe(lost);
      },
    ),
    { numRuns: 2_000 },
  );
});
