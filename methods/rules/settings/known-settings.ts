import { computedKeys } from './computed-keys.js'
import {
  documentSettings,
  growthSettings,
  messageSettings,
  textSettings,
  wechatReplySettings,
} from './own-keys.js'
import { findValueProblem, type SettingRules } from './setting-rules.js'
import { siteKeys } from './site-keys.js'

/** Settings that everybody may read; an old shop's rows of them count even if they are not enabled. */
export const publicSettings: SettingRules = { ...siteKeys, ...computedKeys }

/** Every setting there is. */
export const knownSettings: SettingRules = {
  ...publicSettings,
  ...growthSettings,
  ...documentSettings,
  ...messageSettings,
  ...wechatReplySettings,
  ...textSettings,
}

/** What is wrong with a value for a known setting, or undefined. */
export function findSettingProblem(key: string, value: string): string | undefined {
  const rule = knownSettings[key]
  return rule && findValueProblem(rule.kind, value)
}
