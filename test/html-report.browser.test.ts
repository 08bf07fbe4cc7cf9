import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunDocument } from "../src/judge/run-document.ts";
import { seriesOf } from "../src/judge/track.ts";
import { reportNight } from "../src/nights/night.ts";
import { nightDocumentSchema } from "../src/nights/night-document.ts";
import { nightFile } from "../src/nights/night-folder.ts";
import { renderNightPage } from "../src/nights/night-page.ts";
import { renderMatrixPage } from "../src/report/html/matrix-page.ts";
import { reportStoredRun } from "../src/report/stored-reports.ts";
import { historyFile, readHistory } from "../src/store/history.ts";
import { readRunDocument } from "../src/store/run-documents.ts";
import { reportUpgrade } from "../src/upgrades/upgrade.ts";
import { upgradeDocumentSchema } from "../src/upgrades/upgrade-document.ts";
import { renderUpgradePage } from "../src/upgrades/upgrade-page.ts";
import { root } from "./support/command.ts";
import { needBrowser } from "./support/need-browser.ts";
import { boxesOf, openPage, openReport, scaleOf } from "./support/report-page.ts";
import { useReportsFolder } from "./support/run-claim.ts";

const executablePath = await needBrowser();
/** Where pictures of the pages are to be written; none are if absent. */
const gallery = process.env.GALLERY;
const schemes = ["light", "dark"] as const;
const phone = { width: 390, height: 844 };
const desktop = { width: 1_280, height: 900 };
/** How far a stroke may extend beyond the place where it is drawn, in pixels. */
const strokePx = 3;
const maxTabs = 60;

/** A run as it is stored in `fixtures/runs`, with its reports written anew. */
interface Stored {
  run: RunDocument;
  folder: string;
}

/** Pages of several runs, from what is stored beside the documentation. */
const storedPages = {
  night: async () => {
    const nightly = join(root, "docs/nightly");
    const night = nightDocumentSchema.parse(JSON.parse(await readFile(join(nightly, nightFile), "utf8")));
    return renderNightPage(reportNight(night, await readHistory(join(nightly, historyFile))));
  },
  upgrade: async () => {
    const text = await readFile(join(root, "docs/upgrades/loki-3.6.4-to-3.7.6.json"), "utf8");
    return renderUpgradePage(reportUpgrade(upgradeDocumentSchema.parse(JSON.parse(text))));
  },
  matrix: async () => {
    const { runs } = await readHistory(join(root, "docs/nightly", historyFile));
    return renderMatrixPage(runs, { axis: "pipeline", known: new Map() }, ".");
  },
};

describe.skipIf(executablePath === undefined)("report.html in a browser", async () => {
  const reportsFolder = await useReportsFolder(afterAll);
  const stored = new Map<string, Stored>();
  let browser: Browser;

  beforeAll(async () => {
    // Chromium's own sandbox does not work for root.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: executablePath!, args });
    for (const verdict of ["holds", "broken", "unknown"]) {
      const folder = join(reportsFolder, verdict);
      await cp(join(root, "fixtures/runs", verdict), folder, { recursive: true });
      await reportStoredRun(folder);
      const run = await readRunDocument(join(folder, "run.json"));
      stored.set(run.verdict, { run, folder });
    }
  });
  afterAll(() => browser?.close());

  it("is there of a run of each verdict, and says in its first heading what came of it", async () => {
    expect([...stored.keys()]).toEqual(["holds", "broken", "unknown"]);
    const headings = await Promise.all(
      [...stored.values()].map(async ({ folder }) =>
        (await openReport(browser, folder)).page.locator("h1").textContent(),
      ),
    );
    const { lost } = stored.get("broken")!.run.counts;
    expect(headings[0]).toMatch(
      /^The promise was kept: all 500 log lines came back, each exactly once, though Loki was restarted\.$/,
    );
    expect(headings[1]).toMatch(
      new RegExp(
        `^The promise was broken: ${lost} of 1,000 log lines were lost when Loki was stopped for \\d+ s\\.$`,
      ),
    );
    // The reason is the sentence that an earlier version stored.
    expect(headings[2]).toBe(
      "Whether the promise holds is not known: the faults were disabled (--no-faults), so nothing was put to the test.",
    );
  });

  describe.each(["holds", "broken", "unknown"])("of a run that is %s", (verdict) => {
    it.each(schemes)("loads nothing, logs no error and fits every width (%s)", async (colorScheme) => {
      for (const viewport of [desktop, phone]) {
        const { page, complaints } = await openReport(browser, stored.get(verdict)!.folder, {
          colorScheme,
          viewport,
        });
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
        expect(complaints).toEqual([]);
        await page.context().close();
      }
    });

    it("draws every chart within its bounds", async () => {
      const { page } = await openReport(browser, stored.get(verdict)!.folder);
      const expected = { holds: 3, broken: 4, unknown: 3 }[verdict];
      expect(await page.locator("#timeline figure").count()).toBe(expected);
      for (const id of await page
        .locator("figure")
        .evaluateAll((figures) => figures.map((figure) => figure.id))) {
        const [plot] = await boxesOf(page, `#${id} .plot`);
        const paths = await boxesOf(page, `#${id} .plot path`);
        expect(paths.length).toBeGreaterThan(0);
        expect(Math.max(...paths.map(({ left, right }) => right - left))).toBeGreaterThan(100);
        for (const { left, right } of paths) {
          expect(left).toBeGreaterThanOrEqual(plot!.left - strokePx);
          expect(right).toBeLessThanOrEqual(plot!.right + strokePx);
        }
      }
      const [line] = await boxesOf(page, "#chart-lines path.written");
      expect(line!.bottom - line!.top).toBeGreaterThan(100);
    });

    it("shades faults, draws lost ranges and marks the recovery where they were", async () => {
      const { run, folder } = stored.get(verdict)!;
      const { page, timeline } = await openReport(browser, folder);
      const at = await scaleOf(page, "lines", timeline.buckets[0]!.at);
      const [plot] = await boxesOf(page, "#chart-lines .plot");
      const windows = await page
        .locator("#windows .fault-ground")
        .evaluateAll((rects) =>
          rects.map((rect) => ["x", "width"].map((name) => Number.parseFloat(rect.getAttribute(name)!))),
        );
      expect(windows).toHaveLength(run.faults.length);
      const onPlot = (percent: number) => plot!.left + (percent / 100) * (plot!.right - plot!.left);
      for (const [index, { startedAt, endedAt }] of run.faults.entries()) {
        const [from, width] = windows[index]!;
        expect(Math.abs(onPlot(from!) - at(Date.parse(startedAt)))).toBeLessThan(strokePx);
        expect(Math.abs(onPlot(from! + width!) - at(Date.parse(endedAt)))).toBeLessThan(strokePx);
      }
      // Each plot shows them where they are: from the first one's beginning to the last one's end.
      const starts = run.faults.map(({ startedAt }) => Date.parse(startedAt));
      const ends = run.faults.map(({ endedAt }) => Date.parse(endedAt));
      for (const shown of run.faults.length === 0 ? [] : await boxesOf(page, ".plot .windows use")) {
        expect(Math.abs(shown.left - at(Math.min(...starts)))).toBeLessThan(strokePx);
        expect(Math.abs(shown.right - at(Math.max(...ends)))).toBeLessThan(strokePx);
      }
      const recovered = await boxesOf(page, "#chart-lines .plot line.recovered");
      expect(recovered).toHaveLength(timeline.recoveredAt === null ? 0 : 1);
      const ranges = await boxesOf(page, "#chart-losses [data-range=lost]");
      expect(ranges).toHaveLength(run.lost.length);
      for (const [index, { fromMs, toMs }] of timeline.lost.ranges.entries()) {
        expect(Math.abs(ranges[index]!.left - at(fromMs))).toBeLessThan(strokePx);
        expect(Math.abs(ranges[index]!.right - at(toMs))).toBeLessThan(strokePx);
      }
    });

    it("is read out by the keyboard, sample by sample", async () => {
      const { page, timeline } = await openReport(browser, stored.get(verdict)!.folder);
      await tabTo(page, "#chart-lines [role=slider]");
      const readout = page.locator("#chart-lines output[aria-live=polite]");
      await page.keyboard.press("End");
      const [written, readable] = ["lines.written", "lines.readable"].map(
        (id) => seriesOf(timeline.tracks, id)!.values.at(-1)!,
      );
      const grouped = (count: number) => count.toLocaleString("en-US");
      expect(await readout.textContent()).toContain(
        `written ${grouped(written!)}, readable ${grouped(readable!)}`,
      );
      await page.keyboard.press("Home");
      const first = await readout.textContent();
      expect(first).toContain("written 0, readable 0");
      await page.keyboard.press("ArrowRight");
      expect(await readout.textContent()).not.toBe(first);
      expect(await page.locator("#chart-lines .cursor").isVisible()).toBe(true);
    });

    it("has no serious fault that axe finds, with all unfolded", async () => {
      for (const options of [
        { colorScheme: "light", viewport: desktop },
        { colorScheme: "dark", viewport: phone },
      ] as const) {
        const { page } = await openReport(browser, stored.get(verdict)!.folder, options);
        await page.evaluate(
          'for (const details of document.querySelectorAll("details")) details.open = true',
        );
        await page.evaluate(axe.source);
        expect(await seriousViolations(page)).toEqual([]);
        await page.context().close();
      }
    });

    it("shows what each instance used, and how the sink answered, beside the lines", async () => {
      const { page, timeline } = await openReport(browser, stored.get(verdict)!.folder);
      const titles = await page.locator("#observed figure h3").allTextContents();
      expect(titles).toEqual(
        expect.arrayContaining(["Processors used", "Memory used", "Network traffic per second"]),
      );
      // Each of these faults breaks the sink, which is then not asked; a control run has none.
      if (verdict !== "unknown") expect(titles).toContain("Queries of the sink");
      const { at, values } = seriesOf(timeline.tracks, "resources.memory/loki")!;
      expect(at.length).toBeGreaterThan(3);
      // A Loki takes at least some megabytes, and one that was ended takes none that could be measured.
      expect(Math.max(...values.map((value) => value ?? 0))).toBeGreaterThan(5e6);
      for (const part of ["promtail", "loki"])
        expect(await page.locator("#observed .plot-title", { hasText: part }).count()).toBe(3);
      const observers = timeline.observers.filter(({ failure }) => failure === null);
      expect(observers.map(({ observer, isGroundOfVerdict }) => [observer, isGroundOfVerdict])).toEqual([
        ["arrivals", true],
        ["counters", true],
        ["resources", false],
      ]);
    });

    it("has a text for each chart, and its skip link leads to the report", async () => {
      const { page } = await openReport(browser, stored.get(verdict)!.folder);
      const labels = await page
        .getByRole("img")
        .evaluateAll((images) => images.map((image) => image.getAttribute("aria-label")));
      expect(labels.length).toBe(await page.locator("figure").count());
      for (const label of labels) expect(label).toMatch(/^[A-Z].*\d/);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("main");
    });

    it("is complete when printed: everything unfolded, on white", async () => {
      const { page } = await openReport(browser, stored.get(verdict)!.folder, { colorScheme: "dark" });
      expect(await page.locator("details pre").first().isVisible()).toBe(false);
      await page.emulateMedia({ media: "print" });
      await expect.poll(() => page.locator("details:not([open])").count()).toBe(0);
      expect(await page.locator("details pre").first().isVisible()).toBe(true);
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(
        "rgb(255, 255, 255)",
      );
      expect(await page.locator(".readout").first().isVisible()).toBe(false);
      await page.emulateMedia({ media: "screen" });
      await expect.poll(() => page.locator("details[open]").count()).toBe(0);
    });

    it("says the same without scripts", async () => {
      const { page, complaints } = await openReport(browser, stored.get(verdict)!.folder, {
        javaScriptEnabled: false,
      });
      const [path] = await boxesOf(page, "#chart-lines path.readable");
      expect(path!.right - path!.left).toBeGreaterThan(100);
      await page.locator("#chart-lines summary").click();
      expect(await page.locator("#chart-lines table").isVisible()).toBe(true);
      expect(await page.getByText("Point at the chart").count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  describe.each(["night", "upgrade", "matrix"] as const)("the page of a %s, made of stored runs", (kind) => {
    let path: string;
    beforeAll(async () => {
      path = join(reportsFolder, `${kind}.html`);
      await writeFile(path, await storedPages[kind]());
    });

    it.each(schemes)("loads nothing, logs no error and fits every width (%s)", async (colorScheme) => {
      for (const viewport of [desktop, phone]) {
        const { page, complaints } = await openPage(browser, path, { colorScheme, viewport });
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
        expect(await page.locator("h1").count()).toBe(1);
        expect(complaints).toEqual([]);
        await page.evaluate(axe.source);
        expect(await seriousViolations(page)).toEqual([]);
        await page.context().close();
      }
    });

    it("links every run to its report", async () => {
      const { page } = await openPage(browser, path);
      const links = await page
        .locator("a[href$='report.html']")
        .evaluateAll((anchors) => anchors.map((anchor) => anchor.getAttribute("href")));
      expect(links.length).toBeGreaterThan(3);
      for (const link of links) expect(link).toMatch(/^\.\.?\/\d{8}t\d{6,9}-[\w-]+\/report\.html$/);
    });
  });

  if (gallery !== undefined)
    it("is shown in the gallery", async () => {
      const folder = resolve(root, gallery);
      await mkdir(folder, { recursive: true });
      const shoot = async (
        name: string,
        verdict: string,
        options: { viewport: typeof desktop; colorScheme: (typeof schemes)[number] },
        select?: string,
      ) => {
        const { page } = await openReport(browser, stored.get(verdict)!.folder, options);
        if (select === "cursor") await page.hover("#chart-lines .pad", { position: { x: 330, y: 120 } });
        const path = join(folder, `${name}.png`);
        if (select === undefined) await page.screenshot({ path });
        else await page.locator(select === "cursor" ? "#chart-lines" : select).screenshot({ path });
        await page.context().close();
      };
      const tall = { width: phone.width, height: 1_900 };
      await shoot("holds-desktop-light", "holds", { viewport: desktop, colorScheme: "light" });
      await shoot("holds-observed-light", "holds", { viewport: desktop, colorScheme: "light" }, "#observed");
      await shoot("holds-charts-light", "holds", { viewport: desktop, colorScheme: "light" }, "#timeline");
      await shoot("broken-desktop-light", "broken", { viewport: desktop, colorScheme: "light" });
      await shoot("broken-desktop-dark", "broken", { viewport: desktop, colorScheme: "dark" });
      await shoot("broken-charts-light", "broken", { viewport: desktop, colorScheme: "light" }, "#timeline");
      await shoot("broken-cursor-dark", "broken", { viewport: desktop, colorScheme: "dark" }, "cursor");
      await shoot("broken-phone-light", "broken", { viewport: tall, colorScheme: "light" });
      await shoot("broken-phone-dark", "broken", { viewport: tall, colorScheme: "dark" }, "#timeline");
      await shoot("unknown-desktop-light", "unknown", { viewport: desktop, colorScheme: "light" });
      const { page } = await openPage(browser, join(reportsFolder, "night.html"), { viewport: desktop });
      await page.screenshot({ path: join(folder, "night-desktop-light.png") });
    });
});

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let tabs = 0; tabs < maxTabs; tabs++) {
    await page.keyboard.press("Tab");
    if (await page.locator(selector).evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${selector} was not reached by ${maxTabs} tabs`);
}

async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = (await page.evaluate("axe.run()")) as Pick<axe.AxeResults, "violations">;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
}
