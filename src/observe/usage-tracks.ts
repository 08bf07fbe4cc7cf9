import type { SeriesTrack } from "../judge/track.ts";
import type { Usage } from "../places/usage.ts";
import type { SampleAt } from "./series-recorder.ts";

type Samples = readonly SampleAt<Usage | undefined>[];

/** How one quantity is shown as a track. */
interface Quantity {
  of: keyof Usage;
  id: string;
  title: string;
  group: string;
  unit: string;
  /** Whether the quantity is a counter; its track then shows the rate of growth. */
  isRate: boolean;
  digits: number;
}

const quantities: Quantity[] = [
  {
    of: "cpuSeconds",
    id: "cpu",
    title: "processors",
    group: "Processors used",
    unit: "CPUs",
    isRate: true,
    digits: 3,
  },
  {
    of: "memoryBytes",
    id: "memory",
    title: "memory",
    group: "Memory used",
    unit: "B",
    isRate: false,
    digits: 0,
  },
  {
    of: "ownMemoryBytes",
    id: "own-memory",
    title: "memory of its own",
    group: "Memory used, without cached files",
    unit: "B",
    isRate: false,
    digits: 0,
  },
  {
    of: "receivedBytes",
    id: "received",
    title: "received",
    group: "Network traffic per second",
    unit: "B/s",
    isRate: true,
    digits: 0,
  },
  {
    of: "sentBytes",
    id: "sent",
    title: "sent",
    group: "Network traffic per second",
    unit: "B/s",
    isRate: true,
    digits: 0,
  },
  {
    of: "diskReadBytes",
    id: "disk-read",
    title: "read",
    group: "Disk traffic per second",
    unit: "B/s",
    isRate: true,
    digits: 0,
  },
  {
    of: "diskWrittenBytes",
    id: "disk-written",
    title: "written",
    group: "Disk traffic per second",
    unit: "B/s",
    isRate: true,
    digits: 0,
  },
  {
    of: "openDescriptors",
    id: "descriptors",
    title: "open descriptors",
    group: "Open descriptors",
    unit: "descriptors",
    isRate: false,
    digits: 0,
  },
  {
    of: "storedBytes",
    id: "stored",
    title: "stored",
    group: "Disk space used",
    unit: "B",
    isRate: false,
    digits: 0,
  },
];

/** The maximum number of tracks of an instance. */
export const quantitiesOfUsage = quantities.length;

/**
 * The tracks of one instance. Quantities that were never measured have none.
 *
 * @param samples with totals over all processes of the instance; undefined while none ran
 */
export function usageTracks(instance: string, samples: Samples): SeriesTrack[] {
  return quantities.flatMap(({ of, isRate, digits, id, title, group, unit }): SeriesTrack[] => {
    const { at, values } = isRate ? rates(samples, of, digits) : levels(samples, of, digits);
    if (values.every((value) => value === null)) return [];
    return [
      {
        kind: "series",
        id: `resources.${id}/${instance}`,
        title,
        group,
        unit,
        instance,
        isTotal: false,
        at,
        values,
      },
    ];
  });
}

function levels(samples: Samples, of: keyof Usage, digits: number): Pick<SeriesTrack, "at" | "values"> {
  return {
    at: samples.map(({ at }) => at),
    values: samples.map(({ values }) => rounded(values?.[of], digits)),
  };
}

/** The rates of growth between consecutive samples, each placed at the middle of the time between the two. */
function rates(samples: Samples, of: keyof Usage, digits: number): Pick<SeriesTrack, "at" | "values"> {
  const pairs = samples.slice(1).map((next, index) => ({ before: samples[index]!, next }));
  return {
    at: pairs.map(({ before, next }) => (before.at + next.at) / 2),
    values: pairs.map(({ before, next }) => {
      const [from, to] = [before.values?.[of], next.values?.[of]];
      const seconds = (next.at - before.at) / 1_000;
      return from === undefined || to === undefined || seconds <= 0
        ? null
        : rounded((to - from) / seconds, digits);
    }),
  };
}

function rounded(value: number | undefined, digits: number): number | null {
  return value === undefined ? null : Number(value.toFixed(digits));
}
