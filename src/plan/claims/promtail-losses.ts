import { broken } from "../claim.ts";

/** The reasons why Promtail breaks the promises of several rows. */
export const unsentWal = broken(
  "after a restart Promtail's WAL begins with a new segment and never sends the rest of the old ones",
);
export const tenRetries = broken(
  "ten retries last 4 to 8.5 minutes, then Promtail drops the batch and goes on",
);
