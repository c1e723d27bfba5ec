/** Frames per second as a VUI gives them. Cameras write nonsense there (0, 50000): only what can be a frame rate is believed. */
export function plausibleFps(fps: number): number | undefined {
  return fps >= 0.1 && fps <= 300 ? fps : undefined
}
