import { request } from "undici";
import { z } from "zod";
import type { Stack } from "../places/compose/stack.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";

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
  readonly #ended: ReadonlySet<string>;
  readonly #service: string;
  readonly #toxics: Toxic[];
  /** Of the proxy's process that was told: another knows nothing of it. */
  #startedAtMs = 0;

  constructor({ stack, ended }: FaultContext, service: string, slowness: Slowness) {
    this.#stack = stack;
    this.#ended = ended;
    this.#service = service;
    this.#toxics = toxicsOf(slowness);
  }

  /** What is asked of it before it counts, in words. */
  static expected(service: string, slowness: Slowness): string {
    return (
      `${service}: each of its proxies says that it has ${describe(toxicsOf(slowness))}, when they were set and still when it heals ` +
      "or another fault ends it; lines are written meanwhile"
    );
  }

  async inject(): Promise<number> {
    this.#startedAtMs = (await this.#stack.state(this.#service)).startedAtMs;
    for (const proxy of Object.keys(await this.#proxies())) {
      for (const toxic of this.#toxics) await this.#ask("POST", `/proxies/${proxy}/toxics`, toxic);
    }
    return Date.now();
  }

  /** What the proxy says of itself: it is asked anew, and has to name every toxic on every one of its connections. */
  async prove(): Promise<Proof> {
    if (await this.#hasEnded()) {
      const isByFault = this.#ended.has(this.#service);
      const evidence = isByFault ? "it went down with another fault" : "it ended by itself";
      return {
        effective: isByFault,
        evidence: `${this.#service} is no longer the one that was slow: ${evidence}`,
      };
    }
    const proxies = Object.entries(await this.#proxies());
    const isSlow = proxies.map(([, { enabled, toxics }]) => {
      const names = toxics.map(({ name }) => name);
      return enabled && this.#toxics.every(({ name }) => names.includes(name));
    });
    const slow = isSlow.filter(Boolean).length;
    return {
      effective: this.#toxics.length > 0 && proxies.length > 0 && slow === proxies.length,
      evidence: `${slow} of ${proxies.length} proxies of ${this.#service} have ${describe(this.#toxics)}`,
    };
  }

  /** A link that went down with a site has forgotten that it was slow. */
  async heal(): Promise<number> {
    if (await this.#hasEnded()) return (await this.#stack.state(this.#service)).finishedAtMs;
    const healedAtMs = Date.now();
    for (const [proxy, { toxics }] of Object.entries(await this.#proxies())) {
      for (const { name } of this.#toxics.filter((toxic) => toxics.some(({ name }) => name === toxic.name)))
        await this.#ask("DELETE", `/proxies/${proxy}/toxics/${name}`);
    }
    return healedAtMs;
  }

  async #hasEnded(): Promise<boolean> {
    const { running, startedAtMs } = await this.#stack.state(this.#service);
    return !running || startedAtMs !== this.#startedAtMs;
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

function toxicsOf({ latencyMs, kilobytesPerSecond }: Slowness): Toxic[] {
  return [
    ...(latencyMs === undefined ? [] : inEachDirection("latency", { latency: latencyMs })),
    ...(kilobytesPerSecond === undefined ? [] : inEachDirection("bandwidth", { rate: kilobytesPerSecond })),
  ];
}

function describe(toxics: Toxic[]): string {
  const what = toxics
    .filter(({ stream }) => stream === directions[0])
    .map(({ type, attributes }) => `${type} ${Object.values(attributes).join(" ")}`);
  return `${what.join(" and ")} in each direction (ms, kB/s)`;
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
