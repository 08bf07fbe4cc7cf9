import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { z } from "zod";

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
});

it("has an entry for every optional package of every platform, without which `npm ci` refuses the lock file", async () => {
  // A registry that lacks some of them makes `npm install` leave them out without a word.
  const text = await readFile(new URL("../package-lock.json", import.meta.url), "utf8");
  const { packages } = lockSchema.parse(JSON.parse(text));
  const locked = Object.keys(packages);
  const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  const missing = optional.filter((name) => !locked.some((path) => path.endsWith(`node_modules/${name}`)));
  expect(missing).toEqual([]);
});
