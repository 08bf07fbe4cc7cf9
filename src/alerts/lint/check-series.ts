import { matchedLabels } from "../labels-of.ts";
import { type BinaryNode, nodesIn, type PromqlNode, selectorsIn } from "../promql-syntax.ts";
import { finding, type LintCheck, type LintContext } from "./lint-check.ts";

/** Selectors that match no series, because there is no such metric, job or label. */
export const checkSelectors: LintCheck = ({ node }, context) =>
  selectorsIn(node).flatMap(({ metric, matchers }) => {
    if (metric === undefined || context.recorded.has(metric)) return [];
    const known = context.known.byName.get(metric);
    if (known === undefined) return [finding("unknown-metric", metric, nearbyNames(metric, context))];
    const job = matchers.find(({ label, op }) => label === "job" && op === "=");
    const jobs = known.job === "any" ? context.known.jobs : new Set([known.job]);
    if (job !== undefined && !jobs.has(job.value))
      return [finding("unknown-job", `${metric}{job="${job.value}"}`, [...jobs].join(", "))];
    return (
      matchers
        // A label that is not there equals "".
        .filter(
          ({ label, op, value }) => !known.labels.has(label) && value !== "" && (op === "=" || op === "=~"),
        )
        .map(({ label }) => finding("unknown-label", `${metric}{${label}}`, [...known.labels].join(", ")))
    );
  });

function nearbyNames(metric: string, { known }: LintContext): string {
  const words = new Set(metric.split("_"));
  const shared = (name: string) => name.split("_").filter((word) => words.has(word)).length;
  return [...known.byName.keys()]
    .filter((name) => shared(name) >= 3)
    .sort((a, b) => shared(b) - shared(a))
    .slice(0, 3)
    .join(", ");
}

/** `up` is 0 for a listed target that is gone, but a target that is no longer discovered has none. */
export const checkUp: LintCheck = ({ rule, node }, { tellsOfVanished }) => {
  if (rule.kind !== "alert" || tellsOfVanished) return [];
  const nodes = [...nodesIn(node)];
  const comparesUp = nodes.some(
    (each) =>
      each.kind === "binary" &&
      each.op === "==" &&
      each.right.kind === "number" &&
      each.right.value === 0 &&
      selectorsIn(each.left).some(({ metric }) => metric === "up"),
  );
  const hasAbsent = nodes.some((each) => each.kind === "call" && each.name.startsWith("absent"));
  return comparesUp && !hasAbsent ? [finding("up-without-absent")] : [];
};

/** Two sides whose series never have the same labels. */
export const checkMatching: LintCheck = ({ node }, { known }) => {
  const binaries = [...nodesIn(node)].filter((each) => each.kind === "binary") as BinaryNode[];
  return binaries.flatMap((each) => {
    const labels = matchedLabels(each, known);
    if (labels === undefined) return [];
    const [left, right] = labels;
    const [onlyLeft, onlyRight] = [[...left.difference(right)], [...right.difference(left)]];
    if (onlyLeft.length + onlyRight.length > 0)
      return [finding("sides-never-match", each.op, [...onlyLeft, ...onlyRight].join(", "))];
    const isOfJob = left.has("job") || left.has("instance");
    const [leftJobs, rightJobs] = [jobsOf(each.left, known), jobsOf(each.right, known)];
    const areApart = leftJobs && rightJobs && leftJobs.isDisjointFrom(rightJobs);
    return isOfJob && areApart
      ? [finding("jobs-never-match", each.op, [...leftJobs, ...rightJobs].join(", "))]
      : [];
  });
};

/** The jobs that series of an expression are of; undefined if that is not known. */
function jobsOf(node: PromqlNode, known: LintContext["known"]): Set<string> | undefined {
  const jobs = selectorsIn(node).map(({ metric, matchers }) => {
    const asked = matchers.find(({ label, op }) => label === "job" && op === "=")?.value;
    const job = asked ?? (metric === undefined ? undefined : known.byName.get(metric)?.job);
    return job === "any" ? undefined : job;
  });
  return jobs.length === 0 || jobs.includes(undefined) ? undefined : new Set(jobs as string[]);
}
