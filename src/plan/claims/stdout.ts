import { broken, type Claim, holds } from "../claim.ts";
import type { Row } from "./row.ts";
import { exactCount, noLoss } from "./usual-bounds.ts";

const source = "the promises of Option 1, taken literally for lines that containers write to stdout";

const measuredHere = (measured: Claim["measured"]) => ({ "direct-stdout": measured });

/** What is promised for lines that containers write to stdout; Docker stores them in json-files, which Promtail reads. */
export const stdout: Row[] = [
  {
    scenario: "sink-restart",
    text: "A restart of Loki loses no line that a container writes to stdout.",
    source,
    bounds: exactCount,
    measured: measuredHere(holds),
  },
  {
    scenario: "sink-crash",
    text: "A crash of Loki loses no line that a container writes to stdout.",
    source,
    bounds: noLoss,
    measured: measuredHere(holds),
  },
  {
    scenario: "promtail-restart",
    text: "A restart of Promtail loses no line that a container writes to stdout: the positions file tells where to go on.",
    source,
    bounds: noLoss,
    measured: measuredHere(holds),
  },
  {
    scenario: "promtail-crash/under-load",
    text: "A crash of Promtail loses no line that a container writes to stdout.",
    source,
    bounds: noLoss,
    measured: measuredHere(holds),
  },
  {
    scenario: "app-rotation",
    text: "Docker's rotation of json-files (max-size) under load loses no line.",
    source,
    bounds: noLoss,
    measured: measuredHere(holds),
  },
  {
    scenario: "app-rotation/during-outage",
    text: "Docker's rotation of json-files (max-size) during an outage of Loki loses no line.",
    source,
    bounds: noLoss,
    measured: measuredHere(
      broken(
        "while Promtail waits for Loki it keeps one file open, and then continues with the newest file, however many rotations there were",
      ),
    ),
  },
];
