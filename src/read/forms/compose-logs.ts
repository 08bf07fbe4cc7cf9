import { colour, prefixForm } from "./form.ts";

/** `docker compose logs`: `app-1  | LINE`, the name coloured in a terminal. */
export const composeLogs = prefixForm("docker compose logs", [
  new RegExp(`^(?:${colour})?[A-Za-z0-9][A-Za-z0-9_.-]* *\\| (?:${colour})?`),
]);
