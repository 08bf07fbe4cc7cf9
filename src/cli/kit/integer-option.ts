import { UsageError } from "../../base/errors.ts";

/**
 * A parser for an option that takes a whole number, for commander's `option`.
 *
 * @throws UsageError, when the option is parsed, for anything except decimal digits within the bounds
 */
export function integerOption(flag: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new UsageError(
      `expected a whole number from ${least} to ${most} for ${flag}, got ${JSON.stringify(text)}; write it in digits, like ${flag} 1000.`,
    );
  };
}
