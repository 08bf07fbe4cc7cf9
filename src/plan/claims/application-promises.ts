/** Promises about applications, which the reference architecture makes for both options. */
export const appCrashText =
  "A crash of the application in the middle of a line loses no line that is in its file.";
export const appSource =
  "at-least-once delivery from the log file on, taken literally for an application that crashes";
export const rotationSource = "claimed 99.9 % reliability under ordinary log rotation";
export const appRotationText = "An application that rotates its own log file under load loses no line.";
