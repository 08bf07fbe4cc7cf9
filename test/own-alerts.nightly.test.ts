import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { removeProject } from "../src/places/compose/project.ts";
import type { TriedRules } from "../src/rule-trials/tried-rules.ts";
import { root, run } from "./support/command.ts";
import { needImages } from "./support/need-images.ts";
import { useOwnStacks } from "./support/own-stack.ts";

await needImages("prometheus");
const stackOf = useOwnStacks(afterAll);
const docker = await connectEngine();
// A name that `everyline clean` does not recognise as a run's.
const project = `watched-test-${process.pid}`;
afterAll(() => removeProject(docker, project));

/** The images as this machine has them, ports that are published, and nobody who is told. */
const asHere = (text: string) =>
  text
    .replaceAll("image: grafana/", "image: everyline/")
    .replace("image: prom/prometheus:v", "image: everyline/prometheus:")
    .replace("    command: -config.file=/etc/loki", '    ports: ["127.0.0.1::3100"]\n$&')
    .replace("    command: --config.file=/etc/prometheus", '    ports: ["127.0.0.1::9090"]\n$&')
    .replace(/ {4}depends_on: \[pager\]\n {2}pager:[\s\S]*/, "");

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

  it("is watched in a stack that is up, goes on after the run, and can be asked about other rules then", async () => {
    const stack = await stackOf("watched", { "compose.yaml": asHere });
    const cwd = stack.folder;
    const up = await run("docker", ["compose", "-p", project, "up", "-d"], { cwd });
    expect(up.exitCode, up.stderr).toBe(0);
    const { exitCode, stdout, stderr, document } = await stack.run(
      ...outage,
      "--alerts",
      "--project",
      project,
    );
    expect(exitCode, stdout + stderr).toBe(0);
    const { alerts } = document!;
    expect(alerts).toMatchObject({ noticed: "late", blindSpots: [] });
    const live = alerts!.alerts.find(({ alert }) => alert === "LokiDown")!;
    expect(live.fired).toMatchObject({ isDeliveryUnknown: true });

    const port = await run("docker", ["compose", "-p", project, "port", "prometheus", "9090"], { cwd });
    const url = `http://${port.stdout.trim()}`;
    const args = ["alerts", "rules/shop.yml", "--prometheus", url, "--json"];
    const tried = await run(join(root, "bin/everyline"), args, { cwd });
    expect(tried.exitCode, tried.stderr).toBe(0);
    const [{ alerts: again, lost }] = (JSON.parse(tried.stdout) as TriedRules).runs as [
      TriedRules["runs"][number],
    ];
    expect([lost, again.noticed, again.blindSpots]).toEqual([document!.counts.lost, "late", []]);
    const fired = again.alerts.find(({ alert }) => alert === "LokiDown")!.fired!;
    // It is evaluated at other moments, a second apart.
    expect(Math.abs(fired.seconds - live.fired!.seconds)).toBeLessThan(2.1);
  });
});
