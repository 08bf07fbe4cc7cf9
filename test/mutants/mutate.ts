import { type History, historyOf } from "./history.ts";
import { kindsByGroup } from "./kinds/all.ts";
import { type Mutant, mutantOf, mutantOfTwo } from "./mutant.ts";
import { Picker } from "./picker.ts";
import type { Random } from "./random.ts";

/** Histories, and how much damage is done to each. */
export interface Extent {
  histories: History[];
  /** At how many boundaries each kind of damage is done, and at how many other places. */
  edges: number;
  randomPlaces: number;
  /** How many kinds, chosen at random, and the most mutants of each; all if they are absent. */
  kinds?: number;
  mutantsPerKind?: number;
}

/** Makes mutants one after the other, because each is as large as its history. */
export function* mutantsOf(extent: Extent, random: Random): Generator<Mutant> {
  const { histories, edges, randomPlaces } = extent;
  const { kinds = Number.POSITIVE_INFINITY, mutantsPerKind = Number.POSITIVE_INFINITY } = extent;
  const pick = new Picker(random, edges, randomPlaces);
  const all = Object.entries(kindsByGroup).flatMap(([group, kinds]) =>
    kinds.map((kind) => ({ group, kind })),
  );
  for (const history of histories) {
    for (const { group, kind } of random.some(all, kinds)) {
      for (const effect of random.some(kind.effects(history, pick), mutantsPerKind)) {
        yield mutantOf(group, kind.name, history, effect);
      }
    }
  }
}

/** Mutants that are damaged in two ways at once, each in a source of its own. */
export function* pairsOf(seed: string, count: number, random: Random): Generator<Mutant> {
  const local = Object.values(kindsByGroup)
    .flat()
    .filter(({ isLocal }) => isLocal);
  const pick = new Picker(random, 1, 1);
  const histories: [History, History] = [
    historyOf(seed, { first: 40 }, "stream by stream"),
    historyOf(seed, { second: 24 }, "stream by stream"),
  ];
  for (let made = 0; made < count; ) {
    const kinds = [random.oneOf(local), random.oneOf(local)] as const;
    const [effects, otherEffects] = [
      kinds[0].effects(histories[0], pick),
      kinds[1].effects(histories[1], pick),
    ];
    if (effects.length === 0 || otherEffects.length === 0) continue;
    made++;
    yield mutantOfTwo(
      histories,
      [kinds[0].name, kinds[1].name],
      [random.oneOf(effects), random.oneOf(otherEffects)],
    );
  }
}
