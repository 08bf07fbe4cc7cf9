import type { RotationMethod, SourceName } from "./load-plan.ts";

/** What a source of lines asks of a pipeline, and what can be done to whoever writes them, for faults that are about it. */
export interface LoadAbilities {
  /** What the shipper has to read: log files in a folder, or what the engine keeps of containers' stdout. */
  puts: "files" | "stdout";
  /** Whether it is a process of its own that can be killed, and leaves behind what it has written. */
  canCrash: boolean;
  /** The ways in which its files can be rotated; `own`: without being asked. */
  rotations: readonly RotationMethod[];
}

export const loadAbilities: Record<SourceName, LoadAbilities> = {
  generator: {
    puts: "files",
    canCrash: false,
    rotations: ["rename-create", "rename", "create", "copytruncate"],
  },
  nestjs: { puts: "files", canCrash: true, rotations: ["rename-create", "own"] },
  // What a killed generator had written to a pipe can be seen nowhere. The engine rotates its json-files, by their size.
  stdout: { puts: "stdout", canCrash: false, rotations: ["own"] },
};
