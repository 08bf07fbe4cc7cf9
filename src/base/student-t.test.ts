import { describe, expect, it } from "vitest";
import { studentQuantile } from "./student-t.ts";

describe("the quantile of Student's t distribution", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2.
  it.each([
    [0.975, 1, 12.706],
    [0.95, 2, 2.92],
    [0.975, 10, 2.228],
    [0.995, 30, 2.75],
    [0.999, 5, 5.893],
    [0.975, 100, 1.984],
  ])("is at %d with %d degrees of freedom as in the tables", (probability, freedom, quantile) => {
    expect(studentQuantile(probability, freedom)).toBeCloseTo(quantile, 3);
  });

  it("grows with fewer degrees of freedom, whole or not", () => {
    const quantiles = [40, 12.5, 6.01, 6, 2.2].map((freedom) => studentQuantile(0.99, freedom));
    expect(quantiles).toEqual(quantiles.toSorted((one, other) => one - other));
  });

  it.each([
    [0.5, 3],
    [1, 3],
    [0.9, 0],
    [0.9, Number.NaN],
  ])("does not exist at %d with %d degrees of freedom", (probability, freedom) => {
    expect(() => studentQuantile(probability, freedom)).toThrow(RangeError);
  });
});
