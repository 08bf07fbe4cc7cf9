/** A straight line through points, and how far the worst of them is from it. */
export interface StraightLine {
  /** Where it begins, at 0. */
  start: number;
  slope: number;
  worst: number;
}

const fewestPoints = 3;

/** The straight line with the least squares of distances; null for fewer than three different x. */
export function straightLine(points: readonly (readonly [x: number, y: number])[]): StraightLine | null {
  if (new Set(points.map(([x]) => x)).size < fewestPoints) return null;
  const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const slope =
    mean(points.map(([x, y]) => (x - meanX) * (y - meanY))) / mean(points.map(([x]) => (x - meanX) ** 2));
  const start = meanY - slope * meanX;
  const worst = Math.max(...points.map(([x, y]) => Math.abs(y - start - slope * x)));
  return { start, slope, worst };
}
