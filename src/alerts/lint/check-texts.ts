import { type AlertTemplate, readTemplate } from "../alert-template.ts";
import { labelsOf } from "../labels-of.ts";
import { selectorsIn } from "../promql-syntax.ts";
import { finding, type LintCheck } from "./lint-check.ts";

const recordForm = /^[A-Za-z_][\w]*:[\w]+(?::[\w]+)?$/;

export const checkSeverity: LintCheck = ({ rule, group }) =>
  rule.kind === "alert" && !(rule.labels.severity ?? group.labels.severity) ? [finding("no-severity")] : [];

/** What somebody who is woken up reads first. */
export const checkAnnotations: LintCheck = ({ rule }) => {
  if (rule.kind !== "alert") return [];
  return ["summary", "description"]
    .filter((name) => !rule.annotations[name])
    .map((name) => finding("no-annotation", name));
};

/** `level:metric:operations`, as Prometheus recommends, so that a recorded series is known from a scraped one. */
export const checkRecordName: LintCheck = ({ rule }) =>
  rule.kind === "record" && !recordForm.test(rule.name)
    ? [finding("record-name", rule.name, "level:metric:operations")]
    : [];

/** Templates that do not parse, and labels in them that the expression does not have. */
export const checkTemplates: LintCheck = ({ rule, node, group }, { known }) => {
  if (rule.kind !== "alert") return [];
  const templates = Object.values({ ...rule.labels, ...rule.annotations }).map(readTemplate);
  const labels = labelsOf(node, known);
  const used = new Set(templates.flatMap((each) => each.labels));
  const missing =
    labels === undefined ? [] : [...used].filter((label) => !labels.has(label) && !(label in group.labels));
  const scraped = new Set(
    selectorsIn(node).flatMap(({ metric }) => [...(known.byName.get(metric ?? "")?.labels ?? [])]),
  );
  return [
    ...templates.filter(({ problem }) => problem !== null).map(templateFinding),
    ...missing.map((label) =>
      finding(
        scraped.has(label) ? "label-aggregated-away" : "label-never-there",
        label,
        [...(labels ?? [])].join(", "),
      ),
    ),
  ];
};

function templateFinding({ problem, found }: AlertTemplate) {
  return finding("template-does-not-parse", found, problem ?? "");
}
