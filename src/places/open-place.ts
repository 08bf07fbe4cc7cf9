import type { Place } from "./place.ts";

/**
 * The place in which commands run pipelines: Compose on the container engine of this machine. Its code is imported only when it is needed,
 * because most commands do not need it.
 *
 * @throws UnavailableError if no engine answers, naming what was tried
 */
export async function openPlace(): Promise<Place> {
  const { ComposePlace } = await import("./compose/compose-place.ts");
  return ComposePlace.connect();
}
