import { describe, expect, it } from "vitest";
import { fullTimeline, runWith, worstRun } from "../../../test/support/reported-run.ts";
import type { ReportedRun } from "../reported-run.ts";
import { renderRunPage } from "./run-page.ts";

const hostile = `</script></style><img src=x onerror="alert(1)"><script>alert(2)</script>'"&<!--`;
const megabyte = 1_000_000;

/** What stands between the tags of one kind of element. */
function elements(page: string, name: string): string[] {
  return [...page.matchAll(new RegExp(`<${name}\\b[^>]*>(.*?)</${name}>`, "gs"))].map(([, text]) => text!);
}

function stored(changes: Partial<ReportedRun> = {}): ReportedRun {
  const journal = [{ at: "2026-01-02T03:04:05.000Z", event: "run-started" }];
  return { document: runWith({}), timeline: undefined, journal, files: [], ...changes };
}

describe("renderRunPage", () => {
  it("stays below a megabyte for a million lines with as much of everything as there can be", () => {
    for (const text of ["plain text of a container", hostile]) {
      const page = renderRunPage(worstRun(text));
      expect(Buffer.byteLength(page)).toBeLessThan(megabyte);
      expect(page).toContain("The promise was broken: 500,000 of 1,000,000 log lines were lost");
    }
  });

  it("shows hostile text as text, wherever it comes from", () => {
    const page = renderRunPage(worstRun(hostile));
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img");
    // The data of the charts and the page's own script alone, both unchanged by the text.
    expect(elements(page, "script")).toHaveLength(2);
    expect(elements(page, "style")).toHaveLength(1);
    const [data, script] = elements(page, "script");
    expect(JSON.parse(data!).faults[0].name).toContain(hostile);
    expect(script).toBe(elements(renderRunPage(worstRun("plain")), "script")[1]);
    expect(page).not.toMatch(/<[^>]* on\w+=/i);
  });

  it("says when headlines and reasons are hostile that they are text, too", () => {
    const document = runWith({ verdict: "unknown", reasons: [{ code: "told", text: hostile }] });
    const page = renderRunPage(stored({ document }));
    expect(elements(page, "h1")[0]).toMatch(/^Whether the promise holds is not known: &lt;\/script>/);
    expect(page).not.toContain("<img");
  });

  it("loads nothing, and lets nothing run but its own script", () => {
    const page = renderRunPage(worstRun("text"));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/,
    );
    expect(page).not.toMatch(/\b(src|href)="(?!#)/);
    expect(page).not.toMatch(/\burl\((?!#)|@import/);
    expect(page).not.toMatch(/ style="/);
  });

  it("is whole without a timeline, and says what is left out", () => {
    const page = renderRunPage(stored());
    expect(page).toContain("This run was stored without a timeline (timeline.json)");
    expect(page).not.toContain("<figure");
    expect(elements(page, "script")).toEqual([]);
    expect(page).toContain("bin/everyline run sink-restart --pipeline direct --layout single --seed seed");
    expect(page).toContain("did not record how it was called");
  });

  it("tells how to repeat a run as its plan has it, or its journal of earlier versions, for a shell", () => {
    const repeatWith = ["run", "sink-restart", "--lines", "500", "--config", "my shop/it's.yaml"];
    const page = renderRunPage(
      stored({ journal: [{ at: "2026-01-02T03:04:05.000Z", event: "run-started", repeatWith }] }),
    );
    const command = `bin/everyline run sink-restart --lines 500 --config 'my shop/it'\\''s.yaml'`;
    expect(page).toContain(command);
    const document = runWith({ plan: { ...runWith({}).plan, command: repeatWith } });
    expect(renderRunPage(stored({ document }))).toContain(command);
  });

  it("calls no line lost where the verdict is unknown", () => {
    const counts = { ...runWith({}).counts, delivered: 900, lost: 100 };
    const lost = [{ source: "app-1", from: 1, to: 100, hop: "unknown" }];
    const problem = { code: "told" as const, text: "It did not answer." };
    const reasons = [{ code: "not-read" as const, problem }];
    const document = runWith({ verdict: "unknown", counts, lost, reasons });
    const page = renderRunPage(stored({ document, timeline: fullTimeline(() => "app-1", "unknown") }));
    const text = page.replace(/<(style|script)\b.*?<\/\1>/gs, "").replace(/<[^>]*>/g, " ");
    expect(text).toContain("100 of 1,000 not seen");
    const claimed = [document.plan.claim.text, "lines lost", "at most 0 lost", "no loss"];
    expect(claimed.reduce((rest, words) => rest.replaceAll(words, ""), text)).not.toMatch(/\blost\b/);
  });

  it("says what a chart shows to those who do not see it, with its figures in a table", () => {
    const page = renderRunPage(stored({ timeline: fullTimeline(() => "app-1", "store") }));
    const labels = [...page.matchAll(/role="img" aria-label="([^"]+)"/g)].map(([, label]) => label);
    expect(labels).toHaveLength(6);
    for (const label of labels) expect(label).toMatch(/\d/);
    expect(elements(page, "figure").every((figure) => figure.includes("<table"))).toBe(true);
  });
});
