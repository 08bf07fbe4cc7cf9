import type { Metric } from "../base/metrics.ts";
import { productOf } from "../products/known-shippers.ts";
import type { ShipperProduct } from "../products/shipper-product.ts";

/** A batch that is not delivered within this time was refused or hangs. */
const heldForMs = 3_000;

/** The last known state of one shipper process. */
interface Seen {
  product: ShipperProduct;
  isHolding: boolean;
  /** When it last held no lines, in Unix milliseconds. */
  emptyAtMs: number;
  linesRead: number;
}

/**
 * Determines from a shipper's own metrics whether it still has lines to deliver, for every known product. A silent shipper that waits for
 * its next retry holds lines, and one that still reads the run's files is not done.
 */
export class ShipperWatch {
  readonly #fileNames: readonly string[];
  readonly #seen = new Map<string, Seen>();
  #movedAtMs = Number.NEGATIVE_INFINITY;

  /** @param fileNames the prefixes of the names of the run's files */
  constructor(fileNames: readonly string[]) {
    this.#fileNames = fileNames;
  }

  /** When the shipper last read new lines from the run's files, in Unix milliseconds. */
  get movedAtMs(): number {
    return this.#movedAtMs;
  }

  /** The product names of the shippers that were recognised. */
  get products(): string[] {
    return [...new Set([...this.#seen.values()].map(({ product }) => product.name))];
  }

  /**
   * @param instance the unique name of the process
   * @param metrics the parsed answer of its `/metrics`
   * @param atMs when, in Unix milliseconds
   */
  add(instance: string, metrics: Metric[], atMs: number): void {
    const product = productOf(metrics);
    if (product === undefined) return;
    const before = this.#seen.get(instance);
    const isHolding = product.held(metrics) > 0;
    const linesRead = product.linesReadOf(metrics, this.#fileNames) ?? 0;
    if (linesRead !== (before?.linesRead ?? 0)) this.#movedAtMs = atMs;
    // How long a newly seen process has been holding lines is not known, so the time counts from now.
    const emptyAtMs = isHolding ? (before?.emptyAtMs ?? atMs) : atMs;
    this.#seen.set(instance, { product, isHolding, emptyAtMs, linesRead });
  }

  /**
   * Whether a process has held lines for some seconds without a break. A shipper that also ships other lines is rarely empty, but it is
   * empty now and then. A shipper whose batch is refused never is.
   *
   * @param nowMs Unix milliseconds
   */
  isHolding(nowMs: number): boolean {
    return [...this.#seen.values()].some(
      ({ isHolding, emptyAtMs }) => isHolding && nowMs - emptyAtMs >= heldForMs,
    );
  }
}
