import { prefixForm, rfc3339 } from "./form.ts";

/** `docker logs --timestamps`, `kubectl logs --timestamps`: `2026-01-01T00:00:00.000000001Z LINE`; also inside other formats. */
export const timestamps = prefixForm("lines with a time before each (logs --timestamps)", [
  new RegExp(`^${rfc3339} `),
]);
