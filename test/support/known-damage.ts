import { join } from "node:path";
import { expect } from "vitest";
import type { RunDocument } from "../../src/judge/run-document.ts";
import { judgeStoredRun } from "../../src/store/stored-run.ts";
import { type DamageAccount, namesOf, readDamageAccount } from "./damage-account.ts";
import { findingsOf } from "./told.ts";

/** What each kind of damage does to lines, in Everyline's words; nothing that anybody could see, if empty. */
export const harmOf: Record<string, string[]> = {
  drop: ["lost"],
  shorten: ["lost"],
  duplicate: ["duplicated"],
  resend: ["duplicated"],
  reorder: ["reordered"],
  delay: [],
  corrupt: ["lost", "corrupted"],
  truncate: ["lost", "truncated"],
  merge: ["lost", "merged"],
  invent: ["unexpected"],
  refuse: [],
};

/** Every harm that any kind of damage does. */
export const allHarm = [...new Set(Object.values(harmOf).flat())];

/** Each damaged push is one chance to be wrong; so few would be chance. */
const leastPushes = 4;

/**
 * Holds what Everyline found against what the proxy says it did: the same numbers, and the same lines, when the run was judged and
 * judged again from what it stored.
 *
 * @param harm what the account has to tell of, and nothing else
 * @returns the account
 */
export async function expectExact(
  run: RunDocument,
  reportsFolder: string,
  harm: string[],
): Promise<DamageAccount> {
  const account = await readDamageAccount(join(reportsFolder, run.runId));
  const harmed = Object.entries(account.counts).filter(([, count]) => count > 0);
  expect(harmed.map(([kind]) => kind).sort()).toEqual([...harm].sort());
  expect(run.counts).toEqual({
    written: run.counts.written,
    delivered: run.counts.written - account.counts.lost,
    ...account.counts,
    late: 0,
  });
  expect(run.lost.flatMap(namesOf).sort()).toEqual(account.lines.lost.sort());
  expect((await judgeStoredRun(join(reportsFolder, run.runId))).document).toEqual(run);
  const findings = await findingsOf(reportsFolder, run.runId);
  expect(findings.duplicated.flatMap(namesOf).sort()).toEqual(account.lines.duplicated.sort());
  for (const kind of run.plan.variables.DAMAGE_KINDS!.split(","))
    expect(account.pushes[kind.split("@")[0]!]).toBeGreaterThanOrEqual(leastPushes);
  return account;
}
