import { StringDecoder } from "node:string_decoder";

const quote = '"';

/** The longest record of a CSV file, in characters; a longer one is cut. */
const maxRecordCharacters = 1_048_576;

/** Cuts CSV into records as RFC 4180 has them: quotes doubled inside of quoted fields, line breaks in them kept. */
export class CsvRecords {
  /** Records that were cut. */
  oversized = 0;
  readonly #onRecord: (fields: string[]) => void;
  readonly #separator: string;
  readonly #decoder = new StringDecoder("utf8");
  #fields: string[] = [];
  #field = "";
  #length = 0;
  #state: "start" | "plain" | "quoted" | "quote in quoted" = "start";

  constructor(separator: string, onRecord: (fields: string[]) => void) {
    this.#separator = separator;
    this.#onRecord = onRecord;
  }

  push(chunk: Buffer): void {
    this.#take(this.#decoder.write(chunk));
  }

  end(): void {
    this.#take(this.#decoder.end());
    if (this.#state !== "start" || this.#fields.length > 0) this.#endRecord();
  }

  #take(text: string): void {
    let index = 0;
    while (index < text.length) {
      if (this.#state === "quoted") {
        const close = text.indexOf(quote, index);
        const end = close === -1 ? text.length : close;
        this.#add(text.slice(index, end));
        index = end + 1;
        if (close !== -1) this.#state = "quote in quoted";
        continue;
      }
      this.#step(text[index]!);
      index++;
    }
  }

  #step(character: string): void {
    if (character === quote && this.#state === "start") this.#state = "quoted";
    else if (character === quote && this.#state === "quote in quoted") {
      this.#add(quote);
      this.#state = "quoted";
    } else if (character === this.#separator) this.#endField();
    else if (character === "\n") this.#endRecord();
    else {
      this.#add(character);
      this.#state = "plain";
    }
  }

  #add(text: string): void {
    const room = maxRecordCharacters - this.#length;
    this.#length += text.length;
    if (room > 0) this.#field += text.slice(0, room);
  }

  #endField(): void {
    this.#length++;
    if (this.#length < maxRecordCharacters) this.#fields.push(this.#field);
    this.#field = "";
    this.#state = "start";
  }

  #endRecord(): void {
    // A carriage return after a quoted field belongs to the line break.
    if (this.#state === "plain" && this.#field.endsWith("\r")) this.#field = this.#field.slice(0, -1);
    this.#endField();
    const fields = this.#fields;
    if (this.#length > maxRecordCharacters) this.oversized++;
    this.#fields = [];
    this.#length = 0;
    this.#onRecord(fields);
  }
}
