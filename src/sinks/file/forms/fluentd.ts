import { prefixForm, rfc3339 } from "./form.ts";

/** Fluentd's file output: `TIME<tab>TAG<tab>{JSON}`. */
export const fluentd = prefixForm("Fluentd's file output", [
  new RegExp(`^${rfc3339}\\t[^\\t{]*\\t(?=[{\\[])`),
]);
