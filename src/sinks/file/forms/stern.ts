import { colour, prefixForm } from "./form.ts";

const name = "[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?";
const coloured = `(?:${colour})+${name}(?:${colour})+`;

/** stern: `POD CONTAINER LINE`, both coloured in a terminal, after the namespace if there are several. */
export const stern = prefixForm(
  "stern",
  [name, coloured].flatMap((word) => [
    new RegExp(`^${word} ${word} `),
    new RegExp(`^${word} ${word} ${word} `),
  ]),
);
