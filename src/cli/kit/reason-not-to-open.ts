/** Why no browser can be opened from here, as the beginning of a sentence; undefined if one can. */
export function reasonNotToOpen(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | undefined {
  // With a forwarded display, the browser would run on the remote machine.
  if (env.SSH_CONNECTION || env.SSH_TTY) return "you are here over SSH";
  if (platform !== "linux" || env.DISPLAY || env.WAYLAND_DISPLAY) return undefined;
  // On WSL the browser of Windows is available, whether or not Linux has a display.
  return env.WSL_DISTRO_NAME ? undefined : "there is no display here";
}
