import { expect, it } from "vitest";
import { describeMountNote, type MountNote } from "./mount-note.ts";

it.each<[MountNote, string]>([
  [
    { code: "service-needed", service: "gate", by: "promtail", where: "its configuration" },
    "gate runs as well: promtail names it as a host (its configuration)",
  ],
  [
    { code: "service-left-out", service: "app", why: "its image shop/app:1 is not available: no registry" },
    "app does not run: its image shop/app:1 is not available: no registry",
  ],
  [
    { code: "service-left-out", service: "app", why: null },
    "app does not run: the configuration lists it under `without`",
  ],
  [
    { code: "private-network", network: "front", name: "traefik" },
    "the network front is the run's own, not the external traefik",
  ],
  [
    { code: "private-volume", volume: "data", name: "prod" },
    "the volume data is the run's own and begins empty, not the external prod",
  ],
  [
    { code: "subnet-moved", network: "logs", from: "10.0.0.0/24", to: "198.18.0.0/24" },
    "the network logs has the subnet 198.18.0.0/24, since 10.0.0.0/24 is taken on this machine",
  ],
])("tells what a run has otherwise than the user's stack: %j", (note, words) => {
  expect(describeMountNote(note)).toBe(words);
});
