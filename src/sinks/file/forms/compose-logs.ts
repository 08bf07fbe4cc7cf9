import { colour, prefixForm } from "./form.ts";

const name = "[A-Za-z0-9][A-Za-z0-9_.-]*";

/** `docker compose logs`: `app-1  | LINE`, the name coloured in a terminal. */
export const composeLogs = prefixForm("docker compose logs", [
  new RegExp(`^${name} *\\| `),
  new RegExp(`^${colour}${name} *\\| ${colour}`),
]);
