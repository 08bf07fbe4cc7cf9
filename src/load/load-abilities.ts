import type { RotationMethod, WriterName } from "./load-plan.ts";

/** What can be done to whoever writes the lines, for faults that are about it. */
export interface LoadAbilities {
  /** Whether it is a process of its own, which can be killed. */
  canCrash: boolean;
  /** The ways in which it can rotate its file. */
  rotations: readonly RotationMethod[];
}

export const loadAbilities: Record<WriterName, LoadAbilities> = {
  generator: { canCrash: false, rotations: ["rename-create", "rename", "create", "copytruncate"] },
  nestjs: { canCrash: true, rotations: ["rename-create", "own"] },
};
