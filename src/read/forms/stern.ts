import { colour, prefixForm } from "./form.ts";

const colours = `(?:${colour})*`;
const name = "[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?";

/** stern: `POD CONTAINER LINE`, both coloured in a terminal, behind the namespace where there are several. */
export const stern = prefixForm("stern", [
  new RegExp(`^${colours}${name}${colours} ${colours}${name}${colours} `),
  new RegExp(`^${colours}${name}${colours} ${colours}${name}${colours} ${colours}${name}${colours} `),
]);
