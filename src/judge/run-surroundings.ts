import { z } from "zod";

/** The images that a run's containers were made of. */
export const imagesSchema = z.array(
  z.object({
    service: z.string(),
    reference: z.string(),
    id: z.string(),
    origin: z.enum(["pulled", "built"]),
    version: z.string(),
  }),
);

/** The machine and the engine that a run was made on. */
export const environmentSchema = z.object({
  engine: z.string(),
  api: z.string(),
  kernel: z.string(),
  cpus: z.int(),
  memoryBytes: z.int(),
  node: z.string(),
});

/** What pages of several runs keep of it. */
export const machineSchema = environmentSchema.pick({
  engine: true,
  kernel: true,
  cpus: true,
  memoryBytes: true,
});

export type Machine = z.infer<typeof machineSchema>;

/** The machine that a run was made on. */
export function machineOf({ environment }: { environment: Machine }): Machine {
  const { engine, kernel, cpus, memoryBytes } = environment;
  return { engine, kernel, cpus, memoryBytes };
}
