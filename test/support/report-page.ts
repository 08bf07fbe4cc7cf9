import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type Timeline, timelineSchema } from "../../src/judge/timeline-document.ts";

/** A page in a browser, and its forbidden actions. */
interface OpenPage {
  page: Page;
  /** Errors on the console or in scripts, and requests for anything but the page itself. */
  complaints: string[];
}

/** The page of a run. */
export interface OpenReport extends OpenPage {
  timeline: Timeline;
}

/** Opens `report.html` of a run's folder from disk. */
export async function openReport(
  browser: Browser,
  folder: string,
  options: BrowserContextOptions = {},
): Promise<OpenReport> {
  const opened = await openPage(browser, join(folder, "report.html"), options);
  const timeline = timelineSchema.parse(JSON.parse(await readFile(join(folder, "timeline.json"), "utf8")));
  return { ...opened, timeline };
}

/** Opens a page from disk. */
export async function openPage(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 }, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(path).href;
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", ({ message }) => complaints.push(`error: ${message}`));
  page.on("request", (request) => {
    if (request.url() !== url) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

/** The box of something drawn, in pixels of the page. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The boxes of all that a selector finds. */
export function boxesOf(page: Page, selector: string): Promise<Box[]> {
  return page.locator(selector).evaluateAll((elements) =>
    elements.map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left, right, top, bottom };
    }),
  );
}

/**
 * Converts a time to pixels of the page by a chart's own scale of seconds: only by the texts and positions of its labels, without the code
 * that drew it.
 *
 * @param originMs the first write, Unix milliseconds
 */
export async function scaleOf(page: Page, chart: string, originMs: number): Promise<(ms: number) => number> {
  const ticks = await page.locator(`#chart-${chart} .plot g`).evaluateAll((groups) =>
    groups.flatMap((group) => {
      const text = group.querySelector("text[text-anchor=middle]")?.textContent?.replace(",", "");
      const line = group.querySelector("line");
      if (text === undefined || line === null) return [];
      return { seconds: Number(text), x: line.getBoundingClientRect().left };
    }),
  );
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  const pixelsPerSecond = (last.x - first.x) / (last.seconds - first.seconds);
  return (ms) => first.x + ((ms - originMs) / 1_000 - first.seconds) * pixelsPerSecond;
}
