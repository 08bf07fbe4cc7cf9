import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { exists } from "./base/exists.ts";

const root = join(import.meta.dirname, "..");

const folders = ["*.md", "docs/**/*.md", "fixtures/*/*.md", "fixtures/*/*/*.md", "reports/sample/*/*.md"];
const pages = globSync(folders, { cwd: root }).sort();

/** What a page links to in this tree, in the page's order. */
function linksOf(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8").replace(/^```[\s\S]*?^```$/gm, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^\w+:/.test(link));
}

/** A heading as GitHub names its anchor. */
function anchorOf(heading: string): string {
  const kept = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "");
  return kept.trim().replace(/\s/g, "-");
}

function anchorsOf(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
}

it.each(pages.filter((page) => linksOf(page).length > 0))(
  "%s links to what there is, down to the heading",
  async (page) => {
    for (const link of linksOf(page)) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      expect(await exists(join(root, target)), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
    }
  },
);
