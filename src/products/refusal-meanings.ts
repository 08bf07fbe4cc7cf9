/** The meaning of the reasons for which sinks refuse lines, by the kind of sink. Other reasons need no explanation. */
const meanings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  loki: {
    too_far_in_future:
      "their timestamps are too new: the clock by which they are stamped is ahead of Loki's by more than its creation_grace_period, 10 min unless told otherwise",
    greater_than_max_sample_age:
      "their timestamps are too old: older than its reject_old_samples_max_age, a week unless told otherwise",
    too_far_behind: "their timestamps are too far behind the newest of their stream",
  },
  victorialogs: {
    too_small_timestamp:
      "their timestamps are older than its -retentionPeriod, 7 days unless told otherwise, or than its -maxBackfillAge",
    too_big_timestamp:
      "their timestamps are further ahead of its clock than its -futureRetention, 2 days unless told otherwise",
    too_many_fields:
      "they have more fields than its -insert.maxFieldsPerLine, 1,000 unless told otherwise; with -loki.disableMessageParsing a line is not taken apart into fields",
  },
};

/** The meaning of a reason for which a sink refuses lines; undefined if it needs no explanation or is not known. */
export function refusalMeaning(sink: string, reason: string): string | undefined {
  return meanings[sink]?.[reason];
}
