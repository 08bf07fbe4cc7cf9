import { z } from "zod";

const labels = z.record(z.string(), z.string());

const notificationSchema = z.object({
  /** From 1, without gaps. */
  number: z.int().min(1),
  receivedAtMs: z.number(),
  /** What Alertmanager sends to a webhook, version 4. */
  body: z.object({ alerts: z.array(z.object({ status: z.enum(["firing", "resolved"]), labels })) }),
});

/** The answer of the receiver of notifications in `fixtures/services/alert-receiver`. */
export const notificationsSchema = z.object({
  notifications: z.array(notificationSchema),
  received: z.int().min(0),
  forgotten: z.int().min(0),
});
