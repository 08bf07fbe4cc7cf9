/** If a process takes longer than this to end, the evidence mentions it. */
const slowEndMs = 2_000;

/**
 * States that a process took long to end, if it did: until then it may serve or refuse requests, and neither is the requested
 * outage. After a timeout the engine ends the process with SIGKILL (10 s unless the container says otherwise).
 *
 * @param tookMs from the request to the end
 * @returns the continuation of a sentence; empty if it ended at once
 */
export function describeSlowEnd(tookMs: number): string {
  return tookMs < slowEndMs ? "" : ` (it took ${(tookMs / 1_000).toFixed(1)} s to end after it was asked to)`;
}
