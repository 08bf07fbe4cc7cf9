import { randomBytes } from "node:crypto";

const seedBytes = 4;

/** A random new seed: eight hexadecimal digits. */
export function randomSeed(): string {
  return randomBytes(seedBytes).toString("hex");
}
