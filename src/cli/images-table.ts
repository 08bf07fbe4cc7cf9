import Table from "cli-table3";
import { formatBytes } from "../format-bytes.ts";
import type { CatalogueEntry } from "../stack/catalogue.ts";
import type { LocalImage } from "../stack/images.ts";

/** An image of the catalogue and what the engine has for it. */
export interface ImageRow {
  entry: CatalogueEntry;
  local: LocalImage;
}

/** The table of `everyline images list`, plain text. */
export function imagesTable(rows: ImageRow[]): string {
  const table = new Table({
    head: ["image", "version", "state", "origin", "size", "reference"],
    style: { head: [], border: [] },
  });
  for (const { entry, local } of rows) {
    const { name, version, pull } = entry;
    if (local.state === "missing") table.push([name, version, local.state, "", "", pull]);
    else {
      const { origin, sizeBytes, reference } = local.image;
      table.push([name, version, local.state, origin, formatBytes(sizeBytes), reference]);
    }
  }
  return `${table}\n`;
}

/** The document of `everyline images list --json`; what the engine does not have is null. */
export function imagesJson(rows: ImageRow[]): string {
  const images = rows.map(({ entry: { name, version, pull }, local }) => {
    const image = local.state === "missing" ? undefined : local.image;
    return {
      name,
      version,
      pull,
      state: local.state,
      origin: image?.origin ?? null,
      reference: image?.reference ?? null,
      id: image?.id ?? null,
      sizeBytes: image?.sizeBytes ?? null,
    };
  });
  return `${JSON.stringify({ images }, null, 2)}\n`;
}
