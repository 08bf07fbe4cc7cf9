import { describeMeasured } from "../report/matrix.ts";
import { plainTable } from "../report/plain-table.ts";
import { wrap } from "../report/wrap.ts";
import { describeSwap, type Reason, type Side, type UpgradeReport } from "./upgrade.ts";

const textWidth = 94;
const cellWidth = 40;
const words: Record<Reason["weight"], string> = { against: "against it", open: "open", note: "to be known" };

/** An upgrade for the terminal: the runs, then whether to go and why. */
export function renderUpgrade({ document, decision, reasons, rows }: UpgradeReport): string {
  const { name, from, to, swaps, configChecks } = document;
  const swapped = swaps.map((swap) => [
    swap.entry.claim,
    swap.entry.verdict,
    wrap(describeSwap(swap), cellWidth),
  ]);
  const both = rows.map(({ claim, from, to }) => [claim, sideText(from), sideText(to)]);
  const checked = configChecks.map(({ pipeline, service, version, outcome }) => [
    `${pipeline}, ${service}`,
    version,
    outcome,
  ]);
  const parts = [
    plainTable(checked, { head: ["configuration", "version", "outcome"] }),
    ...(swapped.length > 0
      ? [plainTable(swapped, { head: ["the upgrade itself", "verdict", "measured"] })]
      : []),
    ...(both.length > 0 ? [plainTable(both, { head: ["claim", from, to] })] : []),
    ...reasons.map(({ weight, text }) => wrap(`${words[weight]}: ${text}`, textWidth)),
    `upgrade of ${name} from ${from} to ${to}: ${decision}`,
  ];
  return `${parts.join("\n")}\n`;
}

function sideText(side: Side | undefined): string {
  if (side === undefined) return "not run";
  const measured = describeMeasured(side.runs);
  return wrap(measured === "" ? side.verdict : `${side.verdict}: ${measured}`, cellWidth);
}
