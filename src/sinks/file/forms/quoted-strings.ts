import type { LineForm } from "./form.ts";

/** Each line as a JSON string: `jq '.line'` without `-r`. */
export const quotedStrings: LineForm = { readers: () => [() => ({ name: "quoted JSON strings", unwrap })] };

function unwrap(text: string): string | undefined {
  if (!text.startsWith('"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
