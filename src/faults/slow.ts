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

/** What Toxiproxy does to a connection, as its API takes it. */
interface Toxic {
  name: string;
  type: string;
  stream: (typeof directions)[number];
  toxicity: number;
  attributes: Record<string, number>;
}

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
  readonly #toxics: Toxic[];

  constructor({ stack }: FaultWorld, service: string, { latencyMs, kilobytesPerSecond }: Slowness) {
    this.#stack = stack;
    this.#service = service;
    this.#toxics = [
      ...(latencyMs === undefined ? [] : inEachDirection("latency", { latency: latencyMs })),
      ...(kilobytesPerSecond === undefined ? [] : inEachDirection("bandwidth", { rate: kilobytesPerSecond })),
    ];
  }

  async inject(): Promise<number> {
    for (const proxy of Object.keys(await this.#proxies())) {
      for (const toxic of this.#toxics) await this.#ask("POST", `/proxies/${proxy}/toxics`, toxic);
    }
    return Date.now();
  }

  /** What the proxy says of itself: it is asked anew, and has to name every toxic on every one of its connections. */
  async prove(): Promise<Proof> {
    const proxies = Object.entries(await this.#proxies());
    const isSlow = proxies.map(([, { enabled, toxics }]) => {
      const names = toxics.map(({ name }) => name);
      return enabled && this.#toxics.every(({ name }) => names.includes(name));
    });
    const what = this.#toxics
      .filter(({ stream }) => stream === directions[0])
      .map(({ type, attributes }) => `${type} ${Object.values(attributes).join(" ")}`);
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
      for (const { name } of this.#toxics) await this.#ask("DELETE", `/proxies/${proxy}/toxics/${name}`);
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

function inEachDirection(type: string, attributes: Record<string, number>): Toxic[] {
  return directions.map((stream) => ({
    name: `${toxicName}-${type}-${stream}`,
    type,
    stream,
    toxicity: 1,
    attributes,
  }));
}
