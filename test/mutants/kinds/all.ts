import type { Kind } from "../kind.ts";
import { copies } from "./copies.ts";
import { corruptions } from "./corruption.ts";
import { tears } from "./crashes.ts";
import { foreigners } from "./foreign.ts";
import { harmless } from "./harmless.ts";
import { ledgers } from "./ledgers.ts";
import { losses } from "./loss.ts";
import { merges } from "./merging.ts";
import { orders } from "./order.ts";
import { pieces } from "./pieces.ts";
import { slicings } from "./slices.ts";

/** Every kind of damage, by what is damaged. */
export const kindsByGroup: Record<string, Kind[]> = {
  "lines lost": losses,
  "lines more than once": copies,
  "slices of a reading": slicings,
  order: orders,
  "lines corrupted": corruptions,
  "pieces of lines": pieces,
  "lines run together": merges,
  "lines nobody wrote": foreigners,
  "another ledger": ledgers,
  "crashes of the application": tears,
  "nothing to find": harmless,
};
