import type Docker from "dockerode";
import { expect, it } from "vitest";
import { usageOf } from "./container-usage.ts";

type Answer = Partial<Docker.ContainerStats>;

/** As Docker Engine 20.10 answers on a machine with version 1 of control groups, shortened. */
const answer = {
  read: "2026-11-27T16:03:19.079912687Z",
  blkio_stats: { io_service_bytes_recursive: [] },
  cpu_stats: { cpu_usage: { total_usage: 1_410_621_770 } },
  memory_stats: {
    usage: 72_957_952,
    stats: { inactive_file: 4_096, total_inactive_file: 32_768, total_rss: 70_000_000 },
  },
  networks: {
    eth0: { rx_bytes: 68_808, tx_bytes: 371_035 },
    eth1: { rx_bytes: 100, tx_bytes: 200 },
  },
};

it("reads what an engine with version 1 of control groups answers, all networks together", () => {
  expect(usageOf(answer as unknown as Answer, 0)).toEqual({
    atMs: Date.parse("2026-11-27T16:03:19.079Z"),
    cpuSeconds: 1.41062177,
    memoryBytes: 72_925_184,
    ownMemoryBytes: 70_000_000,
    diskReadBytes: undefined,
    diskWrittenBytes: undefined,
    receivedBytes: 68_908,
    sentBytes: 371_235,
  });
});

it("reads what an engine with version 2 of control groups answers, all disks together", () => {
  const io_service_bytes_recursive = [
    { major: 8, minor: 0, op: "read", value: 1_000 },
    { major: 8, minor: 0, op: "write", value: 20_000 },
    { major: 253, minor: 0, op: "Read", value: 5 },
    { major: 253, minor: 0, op: "Total", value: 5 },
  ];
  const memory_stats = { usage: 5_000, stats: { inactive_file: 2_000, anon: 1_500 } };
  const usage = usageOf(
    { ...answer, memory_stats, blkio_stats: { io_service_bytes_recursive } } as unknown as Answer,
    0,
  );
  expect(usage).toMatchObject({
    memoryBytes: 3_000,
    ownMemoryBytes: 1_500,
    diskReadBytes: 1_005,
    diskWrittenBytes: 20_000,
  });
});

it("puts the engine's time on this machine's clock, and knows of no network where a container has none", () => {
  const { networks: _, ...withoutNetworks } = answer;
  const usage = usageOf(withoutNetworks as unknown as Answer, 500);
  expect(usage).toMatchObject({ atMs: Date.parse(answer.read) - 500, receivedBytes: undefined });
});

it("reads nothing of a container that does not run", () => {
  const ended = {
    read: "0001-01-01T00:00:00Z",
    cpu_stats: { cpu_usage: { total_usage: 0 } },
    memory_stats: {},
  };
  expect(usageOf(ended as unknown as Answer, 0)).toBeUndefined();
});
