import { z } from "zod";
import { repositoryOf } from "../../images/repository.ts";
import type { Shown } from "./shown-answers.ts";

/** The two forms in which clients send a filter's values: a list, and an object whose keys they are. */
const filtersSchema = z.record(
  z.string(),
  z.union([
    z.array(z.string()),
    z.record(z.string(), z.boolean()).transform((values) => Object.keys(values)),
  ]),
);

type Matches = (shown: Shown, value: string) => boolean;

/** Filters on what is shown otherwise than it is. */
const ofShown: Record<string, Matches> = {
  id: ({ id }, value) => id.startsWith(value),
  name: ({ name }, value) => matchesName(name, value),
  label: ({ labels }, value) => {
    const [key, ...rest] = value.split("=") as [string, ...string[]];
    return rest.length === 0 ? key in labels : labels[key] === rest.join("=");
  },
  ancestor: ({ image }, value) => image === value || repositoryOf(image) === value,
  network: ({ network }, value) => network === value,
};

/** The filter of which every value has to match; of the others, one is enough. */
const matchesAll = "label";

/** The parsed filters of a request to the engine. */
export interface Filters {
  /** Whether a container passes those that concern what is shown otherwise than it is. */
  admit(shown: Shown): boolean;
  /** The others, which the engine applies. */
  others: Record<string, string[]>;
}

/**
 * Reads the parameter `filters` of a request.
 *
 * @throws Error if it is none
 */
export function parseFilters(text: string | null): Filters {
  const filters = filtersSchema.parse(text ? JSON.parse(text) : {});
  const known = Object.entries(filters).filter(([name]) => name in ofShown);
  return {
    admit: (shown) =>
      known.every(([name, values]) => {
        const matches = (value: string) => ofShown[name]!(shown, value);
        return name === matchesAll ? values.every(matches) : values.length === 0 || values.some(matches);
      }),
    others: Object.fromEntries(Object.entries(filters).filter(([name]) => !(name in ofShown))),
  };
}

/** The engine takes a name for a regular expression, with and without the slash before a container's name. */
function matchesName(name: string, value: string): boolean {
  try {
    const form = new RegExp(value);
    return form.test(name) || form.test(`/${name}`);
  } catch {
    return name === value;
  }
}
