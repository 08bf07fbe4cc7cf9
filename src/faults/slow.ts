import { request } from "undici";
import { z } from "zod";
import type { Stack } from "../stack/stack.ts";
import type { Fault, FaultWorld, Proof } from "./fault.ts";

/** How a link is slowed, in each direction. */
export interface Slowness {
  latencyMs?: number;
  kilobytesPerSecond?: number;
}

const requestTimeoutMs = 5_000;
const toxicName = "everyline";
const directions = ["upstream", "downstream"] as const;

const proxiesSchema = z.record(
  z.string(),
  z.object({
    enabled: z.boolean(),
    toxics: z.array(
      z.object({ name: z.string(), type: z.string(), attributes: z.record(z.string(), z.number()) }),
    ),
  }),
);

/** Slows everything that a Toxiproxy carries, over its API, until the fault heals. */
export class Slow implements Fault {
  readonly #stack: Stack;
  readonly #service: string;
  readonly #toxics: [type: string, attributes: Record<string, number>][];

  constructor({ stack }: FaultWorld, service: string, { latencyMs, kilobytesPerSecond }: Slowness) {
    this.#stack = stack;
    this.#service = service;
    this.#toxics = [
      ...(latencyMs === undefined
        ? []
        : [["latency", { latency: latencyMs }] as [string, { latency: number }]]),
      ...(kilobytesPerSecond === undefined
        ? []
        : [["bandwidth", { rate: kilobytesPerSecond }] as [string, { rate: number }]]),
    ];
  }

  async inject(): Promise<number> {
    for (const proxy of Object.keys(await this.#proxies())) {
      for (const stream of directions) {
        for (const [type, attributes] of this.#toxics) {
          const toxic = { name: nameOf(type, stream), type, stream, toxicity: 1, attributes };
          await this.#ask("POST", `/proxies/${proxy}/toxics`, toxic);
        }
      }
    }
    return Date.now();
  }

  /** What the proxy says of itself: it is asked anew, and has to name every toxic on every one of its connections. */
  async prove(): Promise<Proof> {
    const proxies = Object.entries(await this.#proxies());
    const isSlow = proxies.map(([, { enabled, toxics }]) => {
      const names = toxics.map(({ name }) => name);
      const wanted = this.#toxics.flatMap(([type]) => directions.map((stream) => nameOf(type, stream)));
      return enabled && wanted.every((name) => names.includes(name));
    });
    const what = this.#toxics.map(([type, attributes]) => `${type} ${Object.values(attributes).join(" ")}`);
    const slow = isSlow.filter(Boolean).length;
    return {
      effective: this.#toxics.length > 0 && proxies.length > 0 && slow === proxies.length,
      evidence: `${slow} of ${proxies.length} proxies of ${this.#service} have ${what.join(" and ")} in each direction (ms, kB/s)`,
    };
  }

  /** A link that went down with a site has forgotten that it was slow. */
  async heal(): Promise<number> {
    if (!(await this.#stack.state(this.#service)).running) return Date.now();
    for (const proxy of Object.keys(await this.#proxies())) {
      for (const stream of directions) {
        for (const [type] of this.#toxics)
          await this.#ask("DELETE", `/proxies/${proxy}/toxics/${nameOf(type, stream)}`);
      }
    }
    return Date.now();
  }

  async #proxies(): Promise<z.infer<typeof proxiesSchema>> {
    return proxiesSchema.parse(JSON.parse(await this.#ask("GET", "/proxies")));
  }

  async #ask(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<string> {
    const url = await this.#stack.url(this.#service);
    const { statusCode, body: answer } = await request(`${url}${path}`, {
      method,
      signal: AbortSignal.timeout(requestTimeoutMs),
      reset: true,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (statusCode >= 300)
      throw new Error(`${this.#service} answered ${statusCode} to ${method} ${path}: ${text}`);
    return text;
  }
}

function nameOf(type: string, stream: string): string {
  return `${toxicName}-${type}-${stream}`;
}
