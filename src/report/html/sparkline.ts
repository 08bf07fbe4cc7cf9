import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { VNode } from "preact";
import { html } from "./markup.ts";

const width = 60;
const height = 16;
const margin = 2;

/** A figure over several nights as a small line chart that starts at 0, with the last night marked; the text next to it gives the figures. */
export function sparkline(numbers: number[]): VNode {
  const x = scaleLinear([0, Math.max(1, numbers.length - 1)], [margin, width - margin]);
  const y = scaleLinear([0, Math.max(...numbers) || 1], [height - margin, margin]);
  const path = line<number>(
    (_, index) => x(index),
    (number) => y(number),
  )(numbers);
  const last = numbers.length - 1;
  return html`<svg class="sparkline" width=${width} height=${height} viewBox="0 0 ${width} ${height}" aria-hidden="true">
    <path d=${path} /><circle cx=${x(last)} cy=${y(numbers[last]!)} r="2" />
  </svg>`;
}
