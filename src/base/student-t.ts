/** Halving an interval so often leaves nothing of it that a double could hold. */
const halvings = 100;
const widestQuantile = 1e6;
const maxTerms = 300;
const precision = 1e-12;

/**
 * The quantile of Student's t distribution.
 *
 * @param probability more than 0.5 and less than 1
 * @param freedom the degrees of freedom, which need not be a whole number
 * @throws RangeError if either is out of range
 */
export function studentQuantile(probability: number, freedom: number): number {
  if (!(probability > 0.5 && probability < 1 && freedom > 0))
    throw new RangeError(
      `expected a probability between 0.5 and 1 and positive degrees of freedom, got ${probability} and ${freedom}`,
    );
  let [low, high] = [0, widestQuantile];
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (low + high) / 2;
    if (distribution(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return high;
}

/** The probability of at most `t`, for a `t` that is not negative. */
function distribution(t: number, freedom: number): number {
  return 1 - incompleteBeta(freedom / (freedom + t * t), freedom / 2, 1 / 2) / 2;
}

/** The regularized incomplete beta function, by its continued fraction (Lentz's method; Numerical Recipes, section 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * fraction(x, a, b)) / a
    : 1 - (front * fraction(1 - x, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= maxTerms; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / notZero(1 + even * d);
    c = notZero(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / notZero(1 + odd * d);
    c = notZero(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < precision) break;
  }
  return result;
}

function notZero(value: number): number {
  return Math.abs(value) < Number.MIN_VALUE * 2 ** 52 ? Number.MIN_VALUE * 2 ** 52 : value;
}

/** Of a positive number, by Lanczos' approximation. */
function logGamma(x: number): number {
  const coefficients = [
    76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2,
    -0.5395239384953e-5,
  ];
  const sum = coefficients.reduce((total, each, index) => total + each / (x + index + 1), 1.000000000190015);
  const shifted = x + 5.5;
  return (x + 0.5) * Math.log(shifted) - shifted + Math.log((Math.sqrt(2 * Math.PI) * sum) / x);
}
