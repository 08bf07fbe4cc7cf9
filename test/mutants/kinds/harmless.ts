import { type History, slotsOf } from "../history.ts";
import type { Effect, Kind } from "../kind.ts";
import { accountedTears } from "./crashes.ts";
import { slicesAsTheyAre } from "./slices.ts";

function unharmed(name: string, isLocal: boolean, change: (history: History) => Effect["entries"]): Kind {
  return {
    name,
    isLocal,
    effects: (history) => [{ where: "everywhere", entries: change(history), found: {}, lost: [] }],
  };
}

/** Harmless changes: a checker that reports something here is wrong as well. */
export const harmless: Kind[] = [
  unharmed("nothing at all", true, ({ entries }) => entries),
  unharmed("another order of the sources", false, (history) =>
    history.ledger.sources
      .toReversed()
      .flatMap(({ source }) => slotsOf(history, source).map((slot) => history.entries[slot]!)),
  ),
  unharmed("the sentinels lost", true, ({ entries }) => entries.filter(({ sequence }) => sequence > 0)),
  unharmed("the sentinels last, and twice", true, ({ entries }) => {
    const sentinels = entries.filter(({ sequence }) => sequence === 0);
    return [...entries.filter(({ sequence }) => sequence > 0), ...sentinels, ...sentinels];
  }),
  unharmed("timestamps beside the lines replaced", true, ({ entries }) =>
    entries.map((entry) => ({ ...entry, timestampNs: 0n })),
  ),
  unharmed("everything in one stream", true, ({ entries }) =>
    entries.map((entry) => ({ ...entry, stream: "all" })),
  ),
  slicesAsTheyAre,
  ...accountedTears,
];
