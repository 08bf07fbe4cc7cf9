import type { DocumentForm } from "./document-form.ts";
import { assertNotParsed } from "./json-array.ts";

/** JSON values over several lines each, as `jq .` writes them, or one large document of any kind. */
export const indentedJson: DocumentForm = {
  name: "indented JSON",
  begins: /^\{[ \t]*\r?\n\s*"/,
  entriesOf(value, codec) {
    assertNotParsed(value as object, codec);
    return [JSON.stringify(value)];
  },
};
