import type { RotationMethod, SourceName } from "./load-plan.ts";

/** What a source of lines requires of a pipeline, and which faults its writers support. */
export interface LoadAbilities {
  /** What the shipper has to read: log files in a folder, or the files in which the engine stores the stdout of containers. */
  puts: "files" | "stdout";
  /** Whether the writer is a separate process that can be killed and leaves behind what it has written. */
  canCrash: boolean;
  /** How its files can be rotated; `own` means that the writer rotates them by itself. */
  rotations: readonly RotationMethod[];
}

export const loadAbilities: Record<SourceName, LoadAbilities> = {
  generator: {
    puts: "files",
    canCrash: false,
    rotations: ["rename-create", "rename", "create", "copytruncate"],
  },
  nestjs: { puts: "files", canCrash: true, rotations: ["rename-create", "own"] },
  // How much a killed generator had written to a pipe cannot be determined. The engine rotates its json-files by size.
  stdout: { puts: "stdout", canCrash: false, rotations: ["own"] },
};
