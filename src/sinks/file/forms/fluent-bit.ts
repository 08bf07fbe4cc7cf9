import { prefixForm } from "./form.ts";

/** Fluent Bit's file output, `TAG: [TIME, {JSON}]` or `TAG: {JSON}`, and its stdout, `[0] TAG: [[TIME, {}], {JSON}]`. */
export const fluentBit = prefixForm("Fluent Bit's file or stdout output", [
  /^(?:\[\d+\] )?[^\s:{[]+: (?=[[{])/,
]);
