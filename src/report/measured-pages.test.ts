import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { claims } from "../plan/claims/table.ts";
import { historyFile, readHistory } from "../store/history.ts";
import { fillMeasuredBlocks } from "./measured-blocks.ts";

const root = join(import.meta.dirname, "../..");

it.each(["README.md", "docs/which-option-to-choose.md"])(
  "%s shows what the runs of the stored night measured, and nothing that was typed",
  async (page) => {
    const history = await readHistory(join(root, "docs/nightly", historyFile));
    const text = await readFile(join(root, page), "utf8");
    expect(fillMeasuredBlocks(text, history, claims)).toBe(text);
  },
);
