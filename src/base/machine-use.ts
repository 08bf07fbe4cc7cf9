import { readFile } from "node:fs/promises";
import { cpus } from "node:os";

/** From this share on, the processors of a machine are what everything on it waits for. */
const busyMachine = 0.9;
/** From this share of the time on, its disks are; a calm pipeline waits for them in a few percent of the time. */
const waitingForDisk = 0.3;

/** What a machine has been used for until a moment. */
export interface MachineSample {
  atMs: number;
  /** Of all processors together. */
  busyMs: number;
  allMs: number;
  /** How long something has waited for a disk; undefined if the kernel does not tell. */
  diskWaitMs: number | undefined;
}

/** How much of a machine was used for some time, each as a share from 0 to 1. */
export interface MachineUse {
  /** Of its processors. */
  busy: number;
  /** Of the time in which something waited for a disk; null if the kernel does not tell. */
  diskWait: number | null;
}

/** What this machine has been used for until now. */
export async function machineSample(): Promise<MachineSample> {
  let [busyMs, allMs] = [0, 0];
  for (const { times } of cpus()) {
    const ofProcessor = Object.values(times).reduce((sum, ms) => sum + ms, 0);
    allMs += ofProcessor;
    busyMs += ofProcessor - times.idle;
  }
  return { atMs: Date.now(), busyMs, allMs, diskWaitMs: await diskWait() };
}

/** What a machine was used for between two moments. */
export function machineUse(before: MachineSample, after: MachineSample): MachineUse {
  return {
    busy: shareOf(before.busyMs, after.busyMs, after.allMs - before.allMs)!,
    diskWait: shareOf(before.diskWaitMs, after.diskWaitMs, after.atMs - before.atMs),
  };
}

/** Whether the processors of a machine were all busy. */
export function isBusy({ busy }: Pick<MachineUse, "busy">): boolean {
  return busy >= busyMachine;
}

/** Whether what runs on a machine mostly waited for its disks. */
export function isWaitingForDisk({ diskWait }: Pick<MachineUse, "diskWait">): boolean {
  return diskWait !== null && diskWait >= waitingForDisk;
}

function shareOf(before: number | undefined, after: number | undefined, of: number): number | null {
  if (before === undefined || after === undefined) return null;
  return Math.min(1, Math.max(0, (after - before) / Math.max(1, of)));
}

/** By the pressure figures of Linux: `some avg10=… total=MICROSECONDS`. */
async function diskWait(): Promise<number | undefined> {
  const text = await readFile("/proc/pressure/io", "utf8").catch(() => "");
  const total = /^some .*total=(\d+)/m.exec(text)?.[1];
  return total === undefined ? undefined : Number(total) / 1_000;
}
