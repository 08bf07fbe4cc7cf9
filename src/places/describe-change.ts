import type { StackChange } from "./place.ts";

/** Describes a change of a stack in a few words. */
export function describeChange(change: StackChange): string {
  return change.code === "instance-gone"
    ? `the container of ${change.instance} is gone`
    : `the container ${change.name} of ${change.service} runs now, but did not at the start of the run`;
}
