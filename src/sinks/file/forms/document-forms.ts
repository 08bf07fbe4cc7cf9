import { knownExports } from "../../known-exports.ts";
import type { DocumentForm } from "./document-form.ts";
import { indentedJson } from "./indented-json.ts";
import { jsonArray } from "./json-array.ts";
import { otlpDocument } from "./otlp-json.ts";

/** Every format of one JSON value for many lines; the first that matches is used. */
export const documentForms: readonly DocumentForm[] = [
  ...knownExports.flatMap(({ documents }) => documents),
  otlpDocument,
  jsonArray,
  indentedJson,
];
