import type { Metric } from "../base/metrics.ts";
import { productOf } from "../products/known-shippers.ts";
import type { ShipperProduct } from "../products/shipper-product.ts";

/** A batch that was not delivered for so long was refused, or hangs. */
const heldForMs = 3_000;

/** What was last seen of one process that ships. */
interface Seen {
  product: ShipperProduct;
  isHolding: boolean;
  /** When it last held nothing, in Unix milliseconds. */
  emptyAtMs: number;
  linesRead: number;
}

/**
 * Whether a pipeline's shipper still has lines to deliver, by what it counts of itself, whoever made it. A silent shipper that waits for
 * its next try holds lines, and one that reads more of the run's files is not done.
 */
export class ShipperWatch {
  readonly #fileNames: readonly string[];
  readonly #seen = new Map<string, Seen>();
  #movedAtMs = Number.NEGATIVE_INFINITY;

  /** @param fileNames what the names of the run's files begin with */
  constructor(fileNames: readonly string[]) {
    this.#fileNames = fileNames;
  }

  /** When it last read more of the run's files, in Unix milliseconds. */
  get movedAtMs(): number {
    return this.#movedAtMs;
  }

  /** The names of the programs that ship, as far as they are known. */
  get products(): string[] {
    return [...new Set([...this.#seen.values()].map(({ product }) => product.name))];
  }

  /**
   * @param instance which process it is, by a name of its own
   * @param metrics what its `/metrics` answered
   * @param atMs when, in Unix milliseconds
   */
  add(instance: string, metrics: Metric[], atMs: number): void {
    const product = productOf(metrics);
    if (product === undefined) return;
    const before = this.#seen.get(instance);
    const isHolding = product.held(metrics) > 0;
    const linesRead = product.linesReadOf(metrics, this.#fileNames) ?? 0;
    if (linesRead !== (before?.linesRead ?? 0)) this.#movedAtMs = atMs;
    // Of one that is seen for the first time nobody knows how long.
    const emptyAtMs = isHolding ? (before?.emptyAtMs ?? atMs) : atMs;
    this.#seen.set(instance, { product, isHolding, emptyAtMs, linesRead });
  }

  /**
   * Whether a process has held something for some seconds: one that ships for others as well is seldom empty, but now and then it is, while
   * one whose batch is refused is not.
   *
   * @param nowMs Unix milliseconds
   */
  isHolding(nowMs: number): boolean {
    return [...this.#seen.values()].some(
      ({ isHolding, emptyAtMs }) => isHolding && nowMs - emptyAtMs >= heldForMs,
    );
  }
}
