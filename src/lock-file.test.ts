import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
});

const root = new URL("..", import.meta.url).pathname;
const lockFiles = globSync("{.,fixtures/services/*}/package-lock.json", { cwd: root });

it.each(lockFiles)(
  "%s has an entry for every optional package of every platform, without which `npm ci` refuses it",
  async (file) => {
    // If a registry lacks some of them, `npm install` leaves them out without a message.
    const text = await readFile(join(root, file), "utf8");
    const { packages } = lockSchema.parse(JSON.parse(text));
    const locked = Object.keys(packages);
    const optional = Object.values(packages).flatMap((entry) =>
      Object.keys(entry.optionalDependencies ?? {}),
    );
    const missing = optional.filter((name) => !locked.some((path) => path.endsWith(`node_modules/${name}`)));
    expect(missing).toEqual([]);
  },
);
