import { describe, expect, it } from "vitest";
import { type ImageRow, imagesJson, imagesTable } from "./images-table.ts";

const rows: ImageRow[] = [
  {
    entry: {
      name: "store",
      version: "3.6.4",
      pull: "example/store:3.6.4",
      licence: "AGPL-3.0-only",
      source: "https://example.org/store",
      default: true,
    },
    local: {
      state: "present",
      image: {
        reference: "everyline/store:3.6.4",
        id: "sha256:abc",
        origin: "built",
        version: "3.6.4",
        sizeBytes: 133_683_486,
      },
    },
  },
  {
    entry: { name: "kafka", version: "4.3.0", pull: "apache/kafka:4.3.0", default: false },
    local: { state: "missing" },
  },
  {
    entry: {
      name: "gateway",
      version: "1.0.0",
      build: { folder: "gateway", inputs: [], needs: [] },
      default: false,
    },
    local: { state: "missing" },
  },
];

describe("imagesTable", () => {
  it("shows a missing image with the reference to pull, or to build where no registry has it, in plain text", () => {
    expect(imagesTable(rows)).toMatchInlineSnapshot(`
      "┌─────────┬─────────┬─────────┬────────┬────────┬───────────────┬─────────────────────────┐
      │ image   │ version │ state   │ origin │ size   │ licence       │ reference               │
      │ store   │ 3.6.4   │ present │ built  │ 134 MB │ AGPL-3.0-only │ everyline/store:3.6.4   │
      │ kafka   │ 4.3.0   │ missing │        │        │               │ apache/kafka:4.3.0      │
      │ gateway │ 1.0.0   │ missing │        │        │               │ everyline/gateway:1.0.0 │
      └─────────┴─────────┴─────────┴────────┴────────┴───────────────┴─────────────────────────┘
      "
    `);
  });
});

describe("imagesJson", () => {
  it("has null for what a missing image does not have", () => {
    expect(JSON.parse(imagesJson(rows)).images).toMatchInlineSnapshot(`
      [
        {
          "id": "sha256:abc",
          "licence": "AGPL-3.0-only",
          "name": "store",
          "origin": "built",
          "pull": "example/store:3.6.4",
          "reference": "everyline/store:3.6.4",
          "sizeBytes": 133683486,
          "source": "https://example.org/store",
          "state": "present",
          "version": "3.6.4",
        },
        {
          "id": null,
          "licence": null,
          "name": "kafka",
          "origin": null,
          "pull": "apache/kafka:4.3.0",
          "reference": null,
          "sizeBytes": null,
          "source": null,
          "state": "missing",
          "version": "4.3.0",
        },
        {
          "id": null,
          "licence": null,
          "name": "gateway",
          "origin": null,
          "pull": null,
          "reference": null,
          "sizeBytes": null,
          "source": null,
          "state": "missing",
          "version": "1.0.0",
        },
      ]
    `);
  });
});
