import { prefixForm } from "./form.ts";

/** `kubectl logs --prefix`: `[pod/NAME/CONTAINER] LINE`. */
export const kubectlLogs = prefixForm("kubectl logs --prefix", [/^\[pod\/[^\]/ ]+\/[^\]/ ]+\] /]);
