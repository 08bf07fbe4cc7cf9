import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault, FaultContext } from "./fault.ts";
import { Holds } from "./holds.ts";
import { slow } from "./slow.ts";

interface Slowness {
  latencyMs?: number;
  kilobytesPerSecond?: number;
}

interface Toxic {
  name: string;
  type: string;
  stream: string;
  toxicity: number;
  attributes: Record<string, number>;
}

/** The part of Toxiproxy's API that adds, tells and removes toxics. */
class Proxies {
  /** Of the container they are in. */
  readonly state = { running: true, incarnation: "first", endedAtMs: 0 };
  readonly holds = new Holds();
  readonly proxies: Record<string, { enabled: boolean; toxics: Toxic[] }> = {};
  readonly #server = createServer((request, response) => {
    const answer = (status: number, body: unknown = "") => {
      response.writeHead(status).end(JSON.stringify(body));
    };
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const [, proxies, name = "", , toxicName] = request.url!.split("/");
      if (proxies !== "proxies") return answer(404);
      if (request.method === "GET") return answer(200, this.proxies);
      const proxy = this.proxies[name];
      if (proxy === undefined) return answer(404);
      const at = proxy.toxics.findIndex((toxic) => toxic.name === toxicName);
      if (request.method === "DELETE") {
        if (at < 0) return answer(404, "toxic not found");
        proxy.toxics.splice(at, 1);
        return answer(204);
      }
      const toxic: Toxic = JSON.parse(text);
      if (proxy.toxics.some(({ name }) => name === toxic.name)) return answer(409, "toxic already exists");
      proxy.toxics.push(toxic);
      return answer(200, toxic);
    });
  });

  constructor(...names: string[]) {
    for (const name of names) this.proxies[name] = { enabled: true, toxics: [] };
  }

  async url(): Promise<string> {
    if (!this.#server.listening)
      await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  fault(slowness: Slowness): Fault {
    const proxy = { address: async () => ({ url: await this.url() }), state: async () => this.state };
    const pipeline = { targets: { "site-link": ["toxiproxy"] }, beside: {} };
    const context = { stack: { pipeline, instance: () => proxy }, holds: this.holds.ofFault() };
    const spec = { kind: "slow" as const, target: "site-link" as const, ...slowness };
    return slow.create(spec, context as unknown as FaultContext);
  }

  close(): void {
    this.#server.close();
  }
}

let link: Proxies;

beforeEach(() => {
  link = new Proxies("kafka-a", "kafka-b");
});

afterEach(() => link.close());

describe("a slow link", () => {
  const both: Slowness = { latencyMs: 100, kilobytesPerSecond: 20 };

  it("has each toxic in each direction on each proxy, and is as it was when it heals", async () => {
    const before = structuredClone(link.proxies);
    const fault = link.fault(both);
    const beganAtMs = Date.now();
    expect(await fault.inject()).toBeGreaterThanOrEqual(beganAtMs);
    const toxics = ["upstream", "downstream"].flatMap((stream) => [
      expect.objectContaining({ type: "latency", stream, toxicity: 1, attributes: { latency: 100 } }),
      expect.objectContaining({ type: "bandwidth", stream, toxicity: 1, attributes: { rate: 20 } }),
    ]);
    for (const proxy of Object.values(link.proxies)) {
      expect(proxy.toxics).toHaveLength(4);
      expect(proxy.toxics).toEqual(expect.arrayContaining(toxics));
    }
    expect(await fault.prove()).toEqual({
      effective: true,
      evidence: [{ code: "slowed", service: "toxiproxy", slow: 2, proxies: 2, ...both }],
    });
    await fault.heal();
    expect(link.proxies).toEqual(before);
  });

  it("has only the toxic that was asked for, and leaves those of others", async () => {
    const other = { name: "other", type: "slicer", stream: "upstream", toxicity: 1, attributes: {} };
    link.proxies["kafka-a"]!.toxics.push(other);
    const fault = link.fault({ latencyMs: 5 });
    await fault.inject();
    expect(link.proxies["kafka-b"]!.toxics.map(({ type }) => type)).toEqual(["latency", "latency"]);
    expect((await fault.prove()).effective).toBe(true);
    await fault.heal();
    expect(link.proxies["kafka-a"]!.toxics).toEqual([other]);
  });

  it("is not proven if a single toxic is missing, a proxy is switched off or there is none", async () => {
    const fault = link.fault(both);
    await fault.inject();
    for (const proxy of Object.values(link.proxies)) {
      for (const toxic of [...proxy.toxics]) {
        proxy.toxics.splice(proxy.toxics.indexOf(toxic), 1);
        expect(await fault.prove()).toMatchObject({
          effective: false,
          evidence: [expect.objectContaining({ slow: 1, proxies: 2 })],
        });
        proxy.toxics.push(toxic);
      }
      proxy.enabled = false;
      expect((await fault.prove()).effective).toBe(false);
      proxy.enabled = true;
    }
    expect((await fault.prove()).effective).toBe(true);
    for (const name of Object.keys(link.proxies)) delete link.proxies[name];
    expect((await fault.prove()).effective).toBe(false);
  });

  it("is no longer proven when its toxics have vanished, and heals all the same", async () => {
    const fault = link.fault(both);
    await fault.inject();
    expect((await fault.prove()).effective).toBe(true);
    link.proxies["kafka-a"]!.toxics.splice(0);
    expect(await fault.prove()).toMatchObject({
      effective: false,
      evidence: [expect.objectContaining({ slow: 1, proxies: 2 })],
    });
    await fault.heal();
    expect(link.proxies["kafka-b"]!.toxics).toEqual([]);
  });

  it.each([
    ["by itself", false],
    ["by another fault", true],
  ])("that was ended %s held until then, which counts: %s", async (_, isByFault) => {
    const fault = link.fault(both);
    await fault.inject();
    if (isByFault) link.holds.ofFault().note("ended", "toxiproxy");
    expect((await fault.prove()).effective).toBe(true);
    Object.assign(link.state, { incarnation: "second", endedAtMs: 2_000 });
    expect((await fault.prove()).effective).toBe(isByFault);
    link.state.running = false;
    expect((await fault.prove()).effective).toBe(isByFault);
    expect(await fault.heal()).toBe(2_000);
  });

  it("is not proven if no delay was asked for", async () => {
    const fault = link.fault({});
    await fault.inject();
    expect((await fault.prove()).effective).toBe(false);
  });

  it("says how slow it is", () => {
    const found = { code: "slowed" as const, service: "toxiproxy", slow: 2, proxies: 2, ...both };
    expect(slow.describe(found)).toBe(
      "2 of 2 proxies of toxiproxy have latency 100 and bandwidth 20 in each direction (ms, kB/s)",
    );
  });

  it("tells what the proxy answered if it refuses", async () => {
    await link.fault(both).inject();
    await expect(link.fault(both).inject()).rejects.toThrow(
      'toxiproxy answered 409 to POST /proxies/kafka-a/toxics: "toxic already exists"',
    );
  });
});
