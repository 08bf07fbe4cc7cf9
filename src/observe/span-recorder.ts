import { maxSpans, type SpansTrack } from "../judge/track.ts";

/** Records spans of time in which something is in a labelled state. Spans do not overlap, and there may be gaps between them. */
export class SpanRecorder {
  #open: { fromMs: number; toMs: number; label: string } | undefined;
  #spans: SpansTrack["spans"] = [];
  #omitted = 0;

  /**
   * Notes the state at a moment. The same label extends the current span; another label ends it and begins the next one.
   *
   * @param label undefined if there is no state to record
   */
  note(atMs: number, label: string | undefined): void {
    if (this.#open !== undefined) {
      this.#open.toMs = Math.max(this.#open.toMs, atMs);
      if (this.#open.label === label) return;
    }
    this.#open = label === undefined ? undefined : { fromMs: atMs, toMs: atMs, label };
    if (this.#open === undefined) return;
    if (this.#spans.length < maxSpans) this.#spans.push(this.#open);
    else this.#omitted++;
  }

  /** The spans so far, and how many more were left out. */
  end(): Pick<SpansTrack, "spans" | "omitted"> {
    return { spans: this.#spans, omitted: this.#omitted };
  }
}
