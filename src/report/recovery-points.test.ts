import { expect, it } from "vitest";
import type { RunDocument } from "../judge/run-document.ts";
import { recoveryPointsOf } from "./recovery-points.ts";

function runOf(id: string, rpoSeconds: number | undefined): RunDocument {
  const sites = rpoSeconds === undefined ? null : { rpoSeconds };
  return { plan: { claim: { id } }, sites } as unknown as RunDocument;
}

it("tells the median and the worst of each claim, and leaves out runs that measured none", () => {
  const runs = [runOf("a", 3), runOf("a", 0), runOf("b", undefined), runOf("a", 1), runOf("a", undefined)];
  expect(recoveryPointsOf(runs)).toEqual([{ claim: "a", runs: 3, medianSeconds: 1, worstSeconds: 3 }]);
  expect(recoveryPointsOf([...runs, runOf("a", 2)])[0]).toMatchObject({ runs: 4, medianSeconds: 2 });
});
