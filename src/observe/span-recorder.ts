import { maxSpans, type SpansTrack } from "../judge/track.ts";

/** Records states that last: at most one at a time, and none in between. */
export class SpanRecorder {
  #open: { fromMs: number; toMs: number; label: string } | undefined;
  #spans: SpansTrack["spans"] = [];
  #omitted = 0;

  /**
   * Notes the state of a moment. A state that goes on becomes longer; another one begins where it ended.
   *
   * @param label undefined where there is nothing to tell
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

  /** The spans so far, and how many more there were. */
  end(): Pick<SpansTrack, "spans" | "omitted"> {
    return { spans: this.#spans, omitted: this.#omitted };
  }
}
