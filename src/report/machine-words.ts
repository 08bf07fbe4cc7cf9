import type { Machine } from "../judge/run-surroundings.ts";

const bytesPerGibibyte = 2 ** 30;

/** A machine in a few words. */
export function describeMachine({ cpus, memoryBytes, engine }: Omit<Machine, "kernel">): string {
  return `${cpus} CPUs, ${gibibytes(memoryBytes)} GiB, Docker ${engine}`;
}

/** A machine with its kernel, as in a sentence. */
export function describeMachineInFull({ cpus, memoryBytes, kernel, engine }: Machine): string {
  return `${cpus} processors with ${gibibytes(memoryBytes)} GiB (Linux ${kernel}, engine ${engine})`;
}

function gibibytes(bytes: number): string {
  return (bytes / bytesPerGibibyte).toFixed(0);
}
