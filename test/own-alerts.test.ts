import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { needImages } from "./support/need-images.ts";
import { useOwnStacks } from "./support/own-stack.ts";

await needImages("prometheus");
const stackOf = useOwnStacks(afterAll);

/** The outage lasts 10 s, and Promtail gives up after some of them. */
const outage = ["sink-outage/below-horizon", "--lines", "300", "--rate", "20"];

describe("the user's own Prometheus", () => {
  it("is watched with its own rules and periods, and its Alertmanager is not started", async () => {
    const stack = await stackOf("watched");
    const { exitCode, stdout, stderr, report, document } = await stack.run(...outage, "--expect-alerts");
    expect(exitCode, stdout + stderr).toBe(0);
    expect(document).toMatchObject({ verdict: "holds", plan: { alerts: { timeScale: 1, expected: true } } });
    expect(document!.counts.lost).toBeGreaterThan(0);
    const { alerts } = document!;
    expect(alerts).toMatchObject({
      ...{ noticed: "late", loss: { basis: "written" }, blindSpots: [] },
      sets: [{ set: "shop", rules: 3, fired: 1, falseAlarms: 0 }],
      quiet: { shop: ["NothingShipped"] },
    });
    // Where a line was lost is not known here, so that it may have been as soon as Loki was gone.
    const [fired, pending] = ["LokiDown", "LokiDownForLong"].map((name) =>
      alerts!.alerts.find(({ alert }) => alert === name),
    );
    expect(fired).toMatchObject({
      forSeconds: 1,
      fired: { deliveredSeconds: null, isDeliveryUnknown: true },
    });
    expect(pending).toMatchObject({ forSeconds: 3_600, fired: null });
    const text = await readFile(join(report, "report.md"), "utf8");
    expect(text).toContain("not known whether it was delivered");
    expect(text).not.toContain("not delivered");
    expect(document!.notes!.map((note) => JSON.stringify(note)).join()).toContain("pager");
    expect(document!.images.map(({ service }) => service)).not.toContain("pager");
  });
});
