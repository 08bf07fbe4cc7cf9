import { expect, it } from "vitest";
import { reasonNotToOpen } from "./reason-not-to-open.ts";

it.each([
  { platform: "linux", env: {}, reason: "there is no display here" },
  { platform: "linux", env: { DISPLAY: ":0" }, reason: undefined },
  { platform: "linux", env: { WAYLAND_DISPLAY: "wayland-0" }, reason: undefined },
  { platform: "linux", env: { WSL_DISTRO_NAME: "Debian" }, reason: undefined },
  { platform: "linux", env: { DISPLAY: ":0", SSH_TTY: "/dev/pts/1" }, reason: "you are here over SSH" },
  { platform: "darwin", env: {}, reason: undefined },
  { platform: "darwin", env: { SSH_CONNECTION: "1 2 3 4" }, reason: "you are here over SSH" },
] as const)("on $platform with $env: $reason", ({ platform, env, reason }) => {
  expect(reasonNotToOpen(platform, env)).toBe(reason);
});
