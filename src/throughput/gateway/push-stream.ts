import { setTimeout } from "node:timers/promises";
import { Client } from "undici";
import { pushHeaders, pushPath } from "../../products/push-request.ts";
import type { LineBatches } from "./line-batches.ts";

/** Promtail's `batchwait`: a push that is not full is sent this long after its first line was due. */
const batchWaitMs = 1_000;
/** Promtail's `backoff_config` and `timeout` in the pipelines. */
const retries = { most: 10, firstMs: 500, longestMs: 300_000 };
const timeoutMs = 10_000;
const accepted = 204;
const tooMany = 429;
const firstServerError = 500;

/** What is pushed of one source, and until when. Times are Unix milliseconds. */
export interface StreamPlan {
  url: string;
  /** How many lines there are, beside the sentinel. */
  lines: number;
  linesPerSecond: number;
  /** What has not been pushed by then is not pushed any more. */
  lastPushMs: () => number;
  /** What has not been acknowledged by then is given up. */
  signal: AbortSignal;
}

/** What became of the pushes of a stream. */
export interface StreamResult {
  /** The last line of the last push. */
  pushed: number;
  acknowledged: number;
  /** How many lines were acknowledged before the last push was allowed. */
  inTime: number;
  /** When the last push was acknowledged; undefined if none was. */
  lastAcknowledgedMs: number | undefined;
  /** How many lines were refused, by the reason, each time that they were. */
  refused: Record<string, number>;
}

/**
 * Pushes the lines of a source as one Promtail does: when a push is full or a second old, one at a time, and again after it was refused with
 * 429 or a status of 500 and above, or not answered, at most ten times. After that, or another status, its lines are dropped.
 */
export class PushStream {
  readonly #plan: StreamPlan;
  readonly #batches: Pick<LineBatches, "make" | "mostLines">;
  readonly #client: Client;
  readonly result: StreamResult = {
    ...{ pushed: 0, acknowledged: 0, inTime: 0, lastAcknowledgedMs: undefined },
    refused: {},
  };

  constructor(plan: StreamPlan, batches: Pick<LineBatches, "make" | "mostLines">) {
    this.#plan = plan;
    this.#batches = batches;
    this.#client = new Client(plan.url, { pipelining: 1, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  }

  /**
   * Pushes the sentinel, so that the connection is open and the path is proven.
   *
   * @throws Error if it is not acknowledged
   */
  async prove(): Promise<void> {
    if (!(await this.#send(this.#batches.make(0, 0), 1)))
      throw new Error(`the first line was not acknowledged: ${Object.keys(this.result.refused).join(", ")}`);
  }

  /** Pushes every line when it is due. */
  async run(startedAtMs: number): Promise<void> {
    const { lines, lastPushMs, signal } = this.#plan;
    while (this.result.pushed < lines) {
      const last = await this.#whenReady(startedAtMs);
      if (signal.aborted || Date.now() > lastPushMs()) return;
      const first = this.result.pushed + 1;
      this.result.pushed = last;
      const count = last - first + 1;
      if (!(await this.#send(this.#batches.make(first, last), count))) continue;
      const nowMs = Date.now();
      this.result.acknowledged += count;
      this.result.lastAcknowledgedMs = nowMs;
      if (nowMs <= lastPushMs()) this.result.inTime += count;
    }
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }

  /** Waits until the next push has to be sent. @returns its last line */
  async #whenReady(startedAtMs: number): Promise<number> {
    const { lines, linesPerSecond, signal } = this.#plan;
    const { pushed } = this.result;
    const dueMs = (sequence: number) => startedAtMs + ((sequence - 1) / linesPerSecond) * 1_000;
    const full = Math.min(lines, pushed + this.#batches.mostLines);
    const readyMs = Math.min(dueMs(full), dueMs(pushed + 1) + batchWaitMs);
    // A timer may end before the clock says so.
    for (let waitMs = readyMs - Date.now(); waitMs > 0 && !signal.aborted; waitMs = readyMs - Date.now())
      await setTimeout(Math.ceil(waitMs), undefined, { signal }).catch(() => {});
    const due = Math.floor(((Date.now() - startedAtMs) / 1_000) * linesPerSecond) + 1;
    return Math.max(pushed + 1, Math.min(full, due));
  }

  /** @returns whether the push was acknowledged */
  async #send(body: Buffer, lines: number): Promise<boolean> {
    const { signal } = this.#plan;
    let waitMs = retries.firstMs;
    for (let tries = 0; tries <= retries.most && !signal.aborted; tries++) {
      const answer = await this.#post(body);
      if (answer === accepted) return true;
      if (signal.aborted) return false;
      const reason = typeof answer === "number" ? `status ${answer}` : answer;
      this.result.refused[reason] = (this.result.refused[reason] ?? 0) + lines;
      if (typeof answer === "number" && answer !== tooMany && answer < firstServerError) return false;
      await setTimeout(waitMs, undefined, { signal }).catch(() => {});
      waitMs = Math.min(2 * waitMs, retries.longestMs);
    }
    return false;
  }

  async #post(body: Buffer): Promise<number | "no answer"> {
    const { signal } = this.#plan;
    try {
      const { statusCode, body: answer } = await this.#client.request({
        ...{ method: "POST", path: pushPath, headers: pushHeaders, body, signal },
      });
      await answer.dump();
      return statusCode;
    } catch {
      return "no answer";
    }
  }
}
