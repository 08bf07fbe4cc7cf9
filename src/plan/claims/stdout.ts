import type { Bounds } from "../../pipeline/bounds.ts";
import { broken, type Claim, holds } from "../claim.ts";
import type { Row } from "./row.ts";

const lateAfterSeconds = 600;
const noLoss: Bounds = { lost: 0, lateAfterSeconds };
const exactCount: Bounds = { ...noLoss, duplicated: 0 };
const source = "the promises of Option 1, taken at their word for what containers write to stdout";

const measuredHere = (measured: Claim["measured"]) => ({ "direct-stdout": measured });

/** What is promised of lines that containers write to stdout, and Docker keeps in json-files for Promtail. */
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
        "while Promtail waits for Loki it holds one file open, and goes on with the newest after any number of rotations",
      ),
    ),
  },
];
