import { commonEvidence, type Evidence } from "../../faults/evidence.ts";
import { findKind } from "../../faults/registry.ts";
import { describeCommon } from "./common-evidence-words.ts";

/**
 * The words for one piece of evidence of a fault.
 *
 * @param kind the name of its kind; for an unknown kind, as of another version, the figures are shown as they are
 */
export function describeEvidence(kind: string, evidence: Evidence): string {
  const common = commonEvidence.safeParse(evidence);
  if (common.success) return describeCommon(common.data, (each) => describeEvidence(kind, each));
  const found = findKind(kind);
  const own = found?.evidence.safeParse(evidence);
  if (own?.success) return found!.describe(own.data);
  const { code, ...figures } = evidence;
  return `${code} ${JSON.stringify(figures)}`;
}
