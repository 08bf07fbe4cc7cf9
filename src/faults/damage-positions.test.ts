import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { type MemoryFaults, memoryFaults } from "../../test/support/memory-faults.ts";
import { shipperService } from "../places/memory/memory-pipeline.ts";

const damage = { kind: "damage-positions", target: "shipper" } as const;
const path = "/data/positions.yaml";
const pageOf = (config: string) => `<pre id="config_yaml">${config}</pre>`;
const page = pageOf(`positions:\n  filename: ${path}\n`);
const saved = 'positions:\n  /logs/a.log: "120"\n  /logs/b.log: "7"\n  journal-x: s=abc\n';

/** A shipper with a file on its disk, which says where that is. */
async function withPositions(text: string | undefined, config = page) {
  const faults = await memoryFaults();
  const shipper = faults.stack.instance(shipperService);
  const file = shipper.disk.locate(path);
  await mkdir(dirname(file), { recursive: true });
  if (text !== undefined) await writeFile(file, text);
  const server = createServer((_, response) => response.end(config));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  shipper.address = async () => ({ host: "127.0.0.1", port, url: `http://127.0.0.1:${port}` });
  return {
    faults,
    shipper,
    read: () => readFile(file, "utf8"),
    write: (changed: string) => writeFile(file, changed),
    async [Symbol.asyncDispose]() {
      server.close();
      await faults[Symbol.asyncDispose]();
    },
  };
}

const startsOf = async ({ stack }: MemoryFaults) =>
  (await stack.instance(shipperService).state()).incarnation;

it("starts the shipper with positions of files that are no numbers, and again with those of before", async () => {
  await using damaged = await withPositions(saved);
  const { faults, read } = damaged;
  const before = await startsOf(faults);
  const fault = faults.fault(damage);
  await fault.inject();
  const during = await startsOf(faults);
  expect(during).not.toBe(before);
  expect(await read()).toBe("positions:\n  /logs/a.log: abc\n  /logs/b.log: abc\n  journal-x: s=abc\n");
  expect(await fault.prove()).toEqual({
    effective: true,
    evidence: [`shipper: 2 of 2 positions in ${path} are unreadable`],
  });
  await fault.heal();
  expect(await startsOf(faults)).not.toBe(during);
  expect(await read()).toBe(saved);
  expect(await fault.proveHealed()).toEqual({
    effective: true,
    evidence: ["shipper: no position is unreadable any more"],
  });
});

it("keeps what the shipper has saved since", async () => {
  await using damaged = await withPositions(saved);
  const fault = damaged.faults.fault(damage);
  await fault.inject();
  await damaged.write('positions:\n  /logs/a.log: abc\n  /logs/b.log: "30"\n  /logs/c.log: "5"\n');
  await fault.heal();
  expect(await damaged.read()).toBe(
    'positions:\n  /logs/a.log: "120"\n  /logs/b.log: "30"\n  /logs/c.log: "5"\n',
  );
});

it("is not proven once a position is readable again, or the shipper was started again", async () => {
  await using damaged = await withPositions(saved);
  const fault = damaged.faults.fault(damage);
  await fault.inject();
  const text = await damaged.read();
  await damaged.write(text.replace("b.log: abc", 'b.log: "9"'));
  expect(await fault.prove()).toEqual({
    effective: false,
    evidence: [`shipper: 1 of 2 positions in ${path} are unreadable`],
  });
  await damaged.write(text);
  await damaged.shipper.restart();
  expect(await fault.prove()).toEqual({
    effective: false,
    evidence: [`shipper: 2 of 2 positions in ${path} are unreadable; but it does not run as it was started`],
  });
});

it("is not proven where no position was saved", async () => {
  await using damaged = await withPositions("positions: {}\n");
  const fault = damaged.faults.fault(damage);
  await fault.inject();
  expect(await fault.prove()).toEqual({
    effective: false,
    evidence: ["shipper had saved no position of a file"],
  });
});

it.each([
  [
    "a shipper that tells of no positions",
    saved,
    pageOf("server: {}"),
    "expected shipper to tell at /config",
  ],
  ["a file that is not there", undefined, page, `shipper has no file ${path}`],
  ["a file of another form", "positions: [1]", page, `${path} of shipper has not the form`],
])("fails with the reason, and leaves the shipper running: %s", async (_, text, config, why) => {
  await using damaged = await withPositions(text, config);
  await expect(damaged.faults.fault(damage).inject()).rejects.toThrow(why);
  expect(damaged.shipper.runs).toBe(true);
});

it("leaves the shipper down if another fault holds it down", async () => {
  await using damaged = await withPositions(saved);
  const [mine, kill] = [
    damaged.faults.fault(damage),
    damaged.faults.fault({ kind: "kill", target: "shipper" }),
  ];
  await mine.inject();
  await kill.inject();
  await mine.heal();
  expect(damaged.shipper.runs).toBe(false);
  await kill.heal();
  expect(damaged.shipper.runs).toBe(true);
  expect(await damaged.read()).toBe(saved);
});
