import { z } from "zod";
import { blindSpotSchema, lossBases } from "./recorded-alerts.ts";

const count = z.int().min(0);
/** Seconds after the first fault was injected; negative before it. */
const sinceFault = z.number();

/**
 * Whether a loss was noticed: by an alert that fired before the first line can have been lost, by one that fired later, or by none. `unknown`:
 * none was seen to fire, and not everything was seen.
 */
const noticedSchema = z.enum(["nothing-lost", "in-time", "late", "never", "unknown"]);

/** A time in which alerts may have been missed. */
export const judgedBlindSpotSchema = blindSpotSchema
  .omit({ fromMs: true, toMs: true })
  .extend({ fromSeconds: sinceFault, toSeconds: sinceFault });

const outcomeSchema = z.object({
  set: z.string(),
  alert: z.string(),
  severity: z.string().nullable(),
  /** Its `for` as it was loaded, multiplied by the run's time scale. */
  forSeconds: z.number().min(0),
  /** How often it fired because of something that was there before the first fault, when nothing was broken. */
  falseAlarms: count,
  /** How often it fired because of something that was there only since the first fault. */
  firings: count,
  /** How often it fired because of something that was there only when the load and all faults had ended, such as that no more lines came. */
  afterwards: count,
  /** The first of these firings; null if it did not fire. */
  fired: z
    .object({
      seconds: sinceFault,
      /** How long before the first line can have been lost; negative after that. Null if nothing was lost. */
      warningSeconds: z.number().nullable(),
      /** When Alertmanager delivered it; null if it did not. */
      deliveredSeconds: sinceFault.nullable(),
      /** That it is not known whether it was delivered, because there was nothing to ask; absent if there was. */
      isDeliveryUnknown: z.literal(true).optional(),
      /** When it last stopped firing; null if it was firing when watching ended. */
      resolvedSeconds: sinceFault.nullable(),
    })
    .nullable(),
  /** The longest time for which its condition was true since the first fault without that it fired; null if it fired, or never was. */
  pendingSeconds: z.number().min(0).nullable(),
  /** That it was still pending at the end and may have fired later, because its periods may be longer than a run; absent otherwise. */
  mayFireLater: z.literal(true).optional(),
});

/** What the alerts of one rule set were worth. */
const setOutcomeSchema = z.object({
  set: z.string(),
  rules: count,
  /** How many of its rules fired since the first fault, and how often any of them fired before. */
  fired: count,
  falseAlarms: count,
  noticed: noticedSchema,
  /** Of its alert that gave the longest warning; null if nothing was lost or none fired. */
  warningSeconds: z.number().nullable(),
});

/** The part of the run document about alerts. */
export const alertsDocumentSchema = z.object({
  noticed: noticedSchema,
  /** When the first fault was injected; null if there was none. Times count from it, or else from when alerts began to count. */
  faultAt: z.iso.datetime().nullable(),
  /** The earliest moment at which the first line can have been lost; null if nothing was lost. */
  loss: z.object({ seconds: sinceFault, basis: z.enum(lossBases) }).nullable(),
  sets: z.array(setOutcomeSchema),
  /** The alerts that were pending or firing while alerts counted. */
  alerts: z.array(outcomeSchema),
  /** The names of the others, by set. */
  quiet: z.record(z.string(), z.array(z.string())),
  /** Since when alerts counted, and until when they were watched; null if they were not. */
  watched: z.object({ fromSeconds: sinceFault, toSeconds: sinceFault }).nullable(),
  /** Times while alerts counted in which some may have been missed. */
  blindSpots: z.array(judgedBlindSpotSchema),
});

export type AlertsDocument = z.infer<typeof alertsDocumentSchema>;
export type AlertOutcome = AlertsDocument["alerts"][number];
export type Noticed = z.infer<typeof noticedSchema>;
