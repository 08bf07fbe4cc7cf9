import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { root, run } from "./command.ts";

/** Puts the whole files and the patches that a page shows into a tree; every patch has to apply. */
export async function followPage(folder: string, file: string): Promise<void> {
  const text = await readFile(join(root, file), "utf8");
  for (const [, path, , body] of text.matchAll(/^`([\w./-]+)`[^\n]*:\n\n```(ts|yaml)\n([\s\S]*?)^```$/gm)) {
    await mkdir(dirname(join(folder, path!)), { recursive: true });
    await writeFile(join(folder, path!), body!);
  }
  for (const [, body] of text.matchAll(/^```diff\n([\s\S]*?)^```$/gm)) {
    const patch = join(folder, "page.patch");
    await writeFile(patch, body!);
    const { exitCode, stderr, stdout } = await run("patch", ["-p1", "--input", patch], { cwd: folder });
    expect(exitCode, `${file}: ${stdout}${stderr}`).toBe(0);
  }
}
