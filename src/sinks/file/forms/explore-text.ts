import { prefixForm, rfc3339 } from "./form.ts";

/** Grafana Explore's download as txt: a time, in newer versions also in milliseconds, and a tab before each line. */
export const exploreText = prefixForm("Grafana Explore's txt", [
  new RegExp(`^(?:\\d{10,19}\\t)?${rfc3339}\\t`),
  /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?\t/,
  /^\d{10,19}\t/,
]);
