import { describe, expect, it } from "vitest";
import {
  defaultLimits,
  limitsIn,
  limitsRefused,
  longestCountMs,
  longestQuestionMs,
  pageLines,
} from "./loki-limits.ts";

describe("what a Loki allows", () => {
  it("is read from /config, which is indented, and from a tenant's limits, which are not", () => {
    const ofTenant =
      "max_entries_limit_per_query: 1000\nmax_query_length: 1h\nmax_query_lookback: 0s\nmax_query_range: 5m30s\n";
    const limits = { maxEntries: 1_000, maxLengthMs: 3_600_000, maxLookbackMs: 0, maxIntervalMs: 330_000 };
    expect(limitsIn(ofTenant)).toEqual(limits);
    expect(limitsIn(`limits_config:\n${ofTenant.replace(/^/gm, "  ")}`)).toEqual(limits);
    expect(limitsIn("max_query_length: 30d1h\n")).toEqual({ maxLengthMs: defaultLimits.maxLengthMs });
  });

  it("is not read from a page for people, or from a value that is no limit", () => {
    expect(limitsIn("<html>max_query_length: 1h</html>")).toEqual({});
    expect(limitsIn("max_query_length: often\nmax_entries_limit_per_query: many\n")).toEqual({});
  });

  it("is read from Loki 3.6.4's refusal of a request beyond it", () => {
    const refusals = [
      "max entries limit per query exceeded, limit > max_entries_limit_per_query (5000 > 1000)",
      "the query time range exceeds the limit (query length: 2h0m55.001s, limit: 1h)",
      "[interval] value exceeds limit: [2h] > [10m]",
      "this data is no longer available, it is past now - max_query_lookback (30s)",
    ];
    const learned = (answer: string) => limitsRefused({ code: "refused", sink: "loki", status: 400, answer });
    expect(refusals.map(learned)).toEqual([
      { maxEntries: 1_000 },
      { maxLengthMs: 3_600_000 },
      { maxIntervalMs: 600_000 },
      { maxLookbackMs: 30_000 },
    ]);
    expect(learned("stream selector is missing required matchers [team]")).toEqual({});
    expect(limitsRefused({ code: "unpublished", sink: "loki" })).toEqual({});
  });

  it("leads to pages of a fixed size where it is absent or very large", () => {
    const pages = [0, 1, 1_000, 2_000_000].map((maxEntries) => pageLines({ ...defaultLimits, maxEntries }));
    expect(pages).toEqual([5_000, 1, 1_000, 50_000]);
  });

  it("leaves room for what is asked for beyond a range, by the reader and by Loki itself", () => {
    expect(longestQuestionMs({ ...defaultLimits, maxLengthMs: 0 })).toBeUndefined();
    expect(longestQuestionMs({ ...defaultLimits, maxLengthMs: 600_000 })).toBeLessThan(600_000 - 30_000);
    expect(longestCountMs({ ...defaultLimits, maxIntervalMs: 1_000 })).toBe(1_000);
    expect(longestCountMs({ ...defaultLimits, maxLengthMs: 0 })).toBeUndefined();
  });
});
