/** A process that was asked to end and takes longer than this is told of. */
const slowEndMs = 2_000;

/**
 * Says that a process took its time to end, where it did: until then it may serve, or refuse what comes, and neither is the outage that was
 * asked for. An engine that has waited long enough ends it by SIGKILL (10 s unless the container says otherwise).
 *
 * @param tookMs from the question to the end
 * @returns what continues a sentence; empty where it ended at once
 */
export function describeSlowEnd(tookMs: number): string {
  return tookMs < slowEndMs ? "" : ` (it took ${(tookMs / 1_000).toFixed(1)} s to end after it was asked to)`;
}
