import { formatBytes } from "../../base/format-bytes.ts";
import { builtReference, type CatalogueEntry } from "../../places/images/catalogue.ts";
import type { LocalImage } from "../../places/images/images.ts";
import { plainTable } from "../../report/plain-table.ts";

/** An image of the catalogue and what the engine has for it. */
export interface ImageRow {
  entry: CatalogueEntry;
  local: LocalImage;
}

/** The table of `everyline images list`, plain text. */
export function imagesTable(rows: ImageRow[]): string {
  const cells = rows.map(({ entry, local }) => {
    const { name, version, pull, licence = "" } = entry;
    const reference = pull ?? builtReference(entry);
    if (local.state === "missing") return [name, version, local.state, "", "", licence, reference];
    const { origin, sizeBytes, reference: found } = local.image;
    return [name, version, local.state, origin, formatBytes(sizeBytes), licence, found];
  });
  const head = ["image", "version", "state", "origin", "size", "licence", "reference"];
  return `${plainTable(cells, { head })}\n`;
}

/** The document of `everyline images list --json`; what does not exist is null. */
export function imagesJson(rows: ImageRow[]): string {
  const images = rows.map(({ entry: { name, version, pull, licence, source }, local }) => {
    const image = local.state === "missing" ? undefined : local.image;
    return {
      name,
      version,
      pull: pull ?? null,
      licence: licence ?? null,
      source: source ?? null,
      state: local.state,
      origin: image?.origin ?? null,
      reference: image?.reference ?? null,
      id: image?.id ?? null,
      sizeBytes: image?.sizeBytes ?? null,
    };
  });
  return `${JSON.stringify({ images }, null, 2)}\n`;
}
