import { request } from "undici";
import { type Delivery, maxListedAlerts } from "../judge/recorded-alerts.ts";
import { notificationsSchema } from "../products/prometheus/alert-deliveries.ts";
import { setLabel } from "./alert-history.ts";
import type { WatchedInstance } from "./watched-instance.ts";

const timeoutMs = 5_000;

/** Follows what Alertmanager delivers to its receiver. */
export class DeliveriesWatch {
  readonly list: Delivery[] = [];
  readonly #alertmanager: WatchedInstance;
  readonly #receiver: WatchedInstance;
  #omitted = 0;
  #lastNumber = 0;

  constructor(alertmanager: WatchedInstance, receiver: WatchedInstance) {
    this.#alertmanager = alertmanager;
    this.#receiver = receiver;
  }

  /** How many further deliveries there were. */
  get omitted(): number {
    return this.#omitted;
  }

  /** Whether an alert was delivered as firing since a time. */
  hasFiringSince(set: string, alert: string, ms: number): boolean {
    return this.list.some(
      (each) => each.set === set && each.alert === alert && !each.isResolved && each.atMs >= ms,
    );
  }

  async look(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#alertmanager.ask((url) => textAt(`${url}/-/ready`, signal).then(() => {}), signal),
      this.#receiver.ask(async (url) => {
        this.#add(await textAt(`${url}/notifications?after=${this.#lastNumber}`, signal));
      }, signal),
    ]);
  }

  #add(answer: string): void {
    for (const { number, receivedAtMs, body } of notificationsSchema.parse(JSON.parse(answer))
      .notifications) {
      this.#lastNumber = number;
      for (const { status, labels } of body.alerts) {
        if (this.list.length >= maxListedAlerts) {
          this.#omitted++;
          continue;
        }
        this.list.push({
          set: labels[setLabel] ?? "",
          alert: labels.alertname ?? "",
          atMs: receivedAtMs - this.#receiver.clockOffsetMs,
          isResolved: status === "resolved",
          labels,
        });
      }
    }
  }
}

async function textAt(url: string, signal: AbortSignal): Promise<string> {
  const { statusCode, body } = await request(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    reset: true,
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
  return text;
}
