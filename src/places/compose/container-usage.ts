import type Docker from "dockerode";
import type { Usage } from "../usage.ts";
import { unlessGone } from "./container.ts";

const nanosPerSecond = 1e9;

/**
 * The current resource usage of a container; undefined while it does not run. Older engines take a second to answer.
 *
 * @param offsetMs how far the engine's clock is ahead of this machine's
 * @throws Error if the engine does not answer
 */
export async function usageOfContainer(
  container: Docker.Container,
  offsetMs: number,
): Promise<Usage | undefined> {
  const stats = await unlessGone(container.stats({ stream: false, "one-shot": true }));
  return stats && usageOf(stats, offsetMs);
}

/** Converts the engine's answer, with version 1 or 2 of control groups, to a `Usage`; undefined if the container does not run. */
export function usageOf(stats: Partial<Docker.ContainerStats>, offsetMs: number): Usage | undefined {
  const { read, cpu_stats: cpu, memory_stats: memory, blkio_stats: disk, networks } = stats;
  // For a container that does not run, the engine answers with times of the year 1 and without memory.
  if (read === undefined || cpu?.cpu_usage === undefined || memory?.usage === undefined) return undefined;
  // The names of version 1 of control groups come first.
  const counted = memory.stats as
    | Partial<Record<"total_inactive_file" | "inactive_file" | "total_rss" | "anon", number>>
    | undefined;
  const inactiveFileBytes = counted?.total_inactive_file ?? counted?.inactive_file ?? 0;
  const interfaces = networks && Object.values(networks);
  return {
    atMs: Date.parse(read) - offsetMs,
    cpuSeconds: cpu.cpu_usage.total_usage / nanosPerSecond,
    memoryBytes: Math.max(0, memory.usage - inactiveFileBytes),
    ownMemoryBytes: counted?.total_rss ?? counted?.anon,
    diskReadBytes: diskBytes(disk, "read"),
    diskWrittenBytes: diskBytes(disk, "write"),
    receivedBytes: interfaces && sum(interfaces.map(({ rx_bytes: bytes }) => bytes)),
    sentBytes: interfaces && sum(interfaces.map(({ tx_bytes: bytes }) => bytes)),
  };
}

/** Undefined if the kernel does not count disk traffic by control group. */
function diskBytes(disk: Docker.BlkioStats | undefined, operation: string): number | undefined {
  const entries = disk?.io_service_bytes_recursive ?? [];
  if (entries.length === 0) return undefined;
  return sum(entries.filter(({ op }) => op.toLowerCase() === operation).map(({ value }) => value));
}

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
