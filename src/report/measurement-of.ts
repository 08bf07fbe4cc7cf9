import type { Machine } from "../judge/run-surroundings.ts";
import type { Measurement } from "../store/measurement.ts";
import { describeMachine } from "./machine-words.ts";

/** What something was measured on. */
interface MeasuredOn {
  /** References as reports have them: `promtail: everyline/promtail:3.6.4`, or `everyline/promtail:3.6.4 (built)`, or several of them. */
  images: readonly string[];
  /** Null if nothing came to an end. */
  machine: Omit<Machine, "kernel"> | null;
}

/** What was measured of a capacity or a time, as a line of a history. */
export function measurementOf(
  what: Omit<Measurement, "schema" | "images" | "machine">,
  { images, machine }: MeasuredOn,
): Measurement {
  const names = images.flatMap((text) => text.split(", ")).map(imageName);
  return {
    schema: "everyline/measurement@1",
    ...what,
    images: [...new Set(names)].sort(),
    machine: machine === null ? "" : describeMachine(machine),
  };
}

/** The name and the version of an image: `promtail 3.6.4`. */
function imageName(image: string): string {
  return image
    .replace(/^[^/:]*: /, "")
    .replace(/ \([a-z]+\)$/, "")
    .replace(/^.*\//, "")
    .replace(/@.*$/, "")
    .replace(":", " ");
}
