import { randomBytes } from "node:crypto";

const seedBytes = 4;

/** A seed nobody has used: eight hexadecimal digits. */
export function randomSeed(): string {
  return randomBytes(seedBytes).toString("hex");
}
