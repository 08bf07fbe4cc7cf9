import type { Place } from "./place.ts";

/**
 * The place that commands run pipelines in: Compose on the container engine of this machine. What that takes is loaded only now, since most
 * commands need none of it.
 *
 * @throws UnavailableError if no engine answers, naming what was tried
 */
export async function openPlace(): Promise<Place> {
  const { ComposePlace } = await import("./compose/compose-place.ts");
  return ComposePlace.connect();
}
