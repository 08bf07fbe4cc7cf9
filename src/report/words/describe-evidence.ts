import { commonEvidence, type Evidence } from "../../faults/evidence.ts";
import { findKind } from "../../faults/registry.ts";
import { describeCommon } from "./common-evidence-words.ts";

/**
 * The words for what was found of a fault.
 *
 * @param kind its name; of one that is not known, as another version has it, the figures are told as they are
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
