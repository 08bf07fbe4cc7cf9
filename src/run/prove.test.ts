import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import type { Instance } from "../places/instance.ts";
import type { Stack } from "../places/place.ts";
import type { Sink } from "../sinks/sink.ts";
import { proveEndToEnd } from "./prove.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** An instance that runs and answers every request with a status. */
async function answering(name: string, status: number): Promise<Instance> {
  const server = createServer((_, response) => response.writeHead(status).end());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state = { incarnation: "1", running: true, pid: 1, exitCode: 0, startedAtMs: 1, endedAtMs: 0 };
  return {
    name,
    service: name,
    address: async () => ({ url }),
    findState: async () => state,
    logs: async () => `${name} waits\n`,
  } as unknown as Instance;
}

/** Why no sentinel arrived in a pipeline with a consumer that answers so. */
async function failureWith(consumerStatus: number) {
  const instances = [await answering("shipper", 200), await answering("consumer", consumerStatus)];
  const part = (name: string) => ({ services: { [name]: "PORT" }, port: 80 });
  const pipeline = { sink: { reader: "" }, shipper: part("shipper"), consumer: part("consumer") };
  const stack = {
    pipeline,
    instances: (services?: string[]) => instances.filter(({ name }) => services?.includes(name) ?? true),
  } as unknown as Stack;
  const sink = { totals: async () => ({ discarded: {} }) } as unknown as Sink;
  const followed = { refusal: undefined, isShipperHolding: false, watch: { altered: undefined } };
  return proveEndToEnd(stack, sink, () => false, 1, AbortSignal.timeout(5_000), followed);
}

it("blames a part that says it is not ready, and none that has no page to say so", async () => {
  expect(await failureWith(503)).toMatchObject({
    code: "not-ready",
    instance: "consumer",
    answer: "answered 503",
  });
  expect(await failureWith(404)).toMatchObject({ code: "no-sentinel", instance: "shipper" });
});
