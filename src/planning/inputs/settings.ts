import { CAMERA_SETTINGS } from './camera-settings.ts'
import { NETWORK_SETTINGS } from './network-settings.ts'
import { PRICE_SETTINGS } from './price-settings.ts'
import type { Setting } from './setting.ts'
import { STORAGE_SETTINGS } from './storage-settings.ts'
import { VIEWER_SETTINGS } from './viewer-settings.ts'
import { WORK_SETTINGS } from './work-settings.ts'

/** Everything that a plan depends on, in the order of the help. */
export const SETTINGS: readonly Setting[] = [
  ...CAMERA_SETTINGS,
  ...VIEWER_SETTINGS,
  ...STORAGE_SETTINGS,
  ...NETWORK_SETTINGS,
  ...WORK_SETTINGS,
  ...PRICE_SETTINGS,
]

const BY_KEY = new Map(SETTINGS.map(setting => [setting.key, setting]))

/** The setting of that key, or undefined. */
export function settingOf(key: string): Setting | undefined {
  return BY_KEY.get(key)
}
