import { describe, expect, it } from "vitest";
import { acknowledgedEnds } from "./acknowledged-ends.ts";

describe("acknowledgedEnds", () => {
  const entry = (partition: number, baseOffset: string, records: number) =>
    JSON.stringify({ level: "info", msg: "acknowledged", partition, baseOffset, records });

  it("takes the highest end of each partition, in whatever order they come", () => {
    const log = [entry(0, "0", 5), entry(2, "90", 10), entry(0, "20", 1), entry(0, "5", 15), ""].join("\n");
    expect(acknowledgedEnds(log)).toEqual(
      new Map([
        [0, 21n],
        [2, 100n],
      ]),
    );
  });

  it("passes over other lines, and is exact beyond the precision of a number", () => {
    const log = [
      "listening",
      '{"msg":"started","partition":1,"baseOffset":"7","records":1}',
      '{"msg":"failed","what":"acknowledged","partition":1,"baseOffset":"7","records":1}',
      "it was acknowledged",
      entry(3, "9007199254740993", 2),
      entry(4, "0", 0),
      entry(5, "17", 3).slice(0, -9),
    ].join("\r\n");
    expect(acknowledgedEnds(log)).toEqual(new Map([[3, 9_007_199_254_740_995n]]));
    expect(acknowledgedEnds("")).toEqual(new Map());
  });
});
