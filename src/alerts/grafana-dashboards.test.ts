import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { installedFolder } from "../base/installation.ts";
import { readKnownMetrics } from "./known-metrics.ts";
import { labelsOf } from "./labels-of.ts";
import { checkMatching, checkSelectors } from "./lint/check-series.ts";
import type { LintContext } from "./lint/lint-check.ts";
import { parsePromql } from "./parse-promql.ts";

/** A panel of a dashboard, as far as these tests look at it. */
interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid: string };
  targets?: { refId: string; expr: string; legendFormat: string; datasource: { uid: string } }[];
}

interface Dashboard {
  uid: string;
  title: string;
  panels: Panel[];
  annotations: { list: { name: string; expr: string; datasource: { uid: string } }[] };
}

const folder = join(installedFolder, "fixtures/monitoring");
const dashboards = await Promise.all(
  (await readdir(join(folder, "grafana/dashboards"))).map(async (file) => {
    const text = await readFile(join(folder, "grafana/dashboards", file), "utf8");
    return [file, JSON.parse(text) as Dashboard] as const;
  }),
);

const known = readKnownMetrics(await readFile(join(folder, "metrics.yaml"), "utf8"));
const scraped = known.byName;

/** The names of the metrics in an expression, and where it does not follow PromQL's grammar. */
function readExpression(expression: string): { metrics: string[]; errors: number[] } {
  const metrics: string[] = [];
  const errors: number[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) errors.push(from);
      if (type.name === "Identifier" && node.parent?.name === "VectorSelector")
        metrics.push(expression.slice(from, to));
    },
  });
  return { metrics, errors };
}

/** Labels that an expression asks for and that do not exist, sides that never match, and labels that its legend shows in vain. */
function misfits(expression: string, legend: string): string[] {
  const node = parsePromql(expression).node!;
  // What checks of series ask of their context: ALERTS is what Prometheus makes of its rules.
  const context = { known, recorded: new Set(["ALERTS"]) } as unknown as LintContext;
  const checked = { node } as Parameters<typeof checkSelectors>[0];
  const found = [...checkSelectors(checked, context), ...checkMatching(checked, context)];
  const labels = labelsOf(node, known);
  const shown = [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label]) => label!);
  return [
    ...found.map(({ code, found }) => `${code} ${found}`),
    ...shown.filter((label) => labels !== undefined && !labels.has(label)),
  ];
}

function expressionsOf({ panels, annotations }: Dashboard): string[] {
  return [...panels.flatMap(({ targets = [] }) => targets), ...annotations.list].map(({ expr }) => expr);
}

it("there is a dashboard for each option, under an id of its own", () => {
  expect(dashboards.map(([file]) => file).sort()).toEqual(["option-1.json", "option-2.json"]);
  expect(new Set(dashboards.map(([, { uid }]) => uid)).size).toBe(dashboards.length);
});

it("an expression that is none is found", () => {
  expect(readExpression("sum(rate(up[1m])").errors).not.toEqual([]);
  expect(readExpression("up > 10MB").errors).not.toEqual([]);
  expect(readExpression('sum by (job) (rate(up{job="a"}[1m]))')).toEqual({ metrics: ["up"], errors: [] });
});

it("a label that is not there is found, in an expression and in a legend", () => {
  expect(misfits('sum by (path) (promtail_file_bytes_total{file="a"})', "{{path}} {{instance}}")).toEqual([
    "unknown-label promtail_file_bytes_total{file}",
    "instance",
  ]);
  expect(misfits("kafka_consumergroup_lag - kafka_topic_partition_oldest_offset", "")).toEqual([
    "sides-never-match -",
  ]);
});

describe.each(dashboards)("the dashboard %s", (_, dashboard) => {
  it("has expressions that follow PromQL's grammar, of metrics that are scraped", () => {
    const expressions = expressionsOf(dashboard);
    expect(expressions.length).toBeGreaterThan(10);
    for (const expression of expressions) {
      const { metrics, errors } = readExpression(expression);
      expect(errors, expression).toEqual([]);
      expect(metrics, expression).not.toEqual([]);
      expect(
        // ALERTS is what Prometheus makes of its rules.
        metrics.filter((metric) => metric !== "ALERTS" && !scraped.has(metric)),
        expression,
      ).toEqual([]);
    }
  });

  it("asks for labels that its series have, and shows no others", () => {
    for (const { title, targets = [] } of dashboard.panels)
      for (const { expr, legendFormat } of targets) expect(misfits(expr, legendFormat), title).toEqual([]);
  });

  it("marks the faults of a run", () => {
    expect(dashboard.annotations.list.map(({ expr }) => expr)).toContain("everyline_fault_active");
  });

  it("asks data sources that are provisioned", async () => {
    const text = await readFile(join(folder, "grafana/provisioning/datasources/datasources.yaml"), "utf8");
    const { datasources } = parse(text) as { datasources: { uid: string }[] };
    const asked = [
      ...dashboard.annotations.list,
      ...dashboard.panels.filter(({ type }) => type !== "row"),
      ...dashboard.panels.flatMap(({ targets = [] }) => targets),
    ].map(({ datasource }) => datasource?.uid);
    const provisioned = datasources.map(({ uid }) => uid);
    expect(asked.filter((uid) => uid === undefined || !provisioned.includes(uid))).toEqual([]);
  });

  it("gives panels ids of their own, and queries of a panel letters of their own", () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { title, targets = [] } of dashboard.panels) {
      const letters = targets.map(({ refId }) => refId);
      expect(new Set(letters).size, title).toBe(letters.length);
    }
  });

  it("has panels that lie within the grid's 24 columns and do not overlap", () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos;
      expect(Math.min(x, y), title).toBeGreaterThanOrEqual(0);
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let row = y; row < y + h; row++) {
        for (let column = x; column < x + w; column++) {
          expect(taken.get(`${column}/${row}`), title).toBeUndefined();
          taken.set(`${column}/${row}`, title);
        }
      }
    }
  });
});
