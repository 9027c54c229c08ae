import type { DifferenceKind } from '../../../gateway/move/compare/difference.js'
import type { ComparisonReport } from '../../../gateway/move/report/tally.js'
import type { Plantable } from '../../servers/old-gateway/old-gateway.js'

/** What each planted difference is called, and a part of the names of methods that show it. */
export const plantedNames: Readonly<Record<Plantable, readonly [kind: DifferenceKind, methods: string]>> = {
  'escaped-slashes': ['escaped-slash', 'UserContacts'],
  'escaped-unicode': ['escaped-unicode', 'web.passport.checkVerifyEmail'],
  'text-for-number': ['string-number', 'web.passport.getUserVerifyInfo'],
  'list-for-object': ['empty-list-object', 'UserContacts'],
  'number-form': ['number-form', 'open.passport.get'],
  'missing-for-null': ['missing-null', 'front.'],
  'key-order': ['key-order', 'UserContacts'],
  text: ['text', 'web.passport.getUserHabits'],
  code: ['code', 'web.passport.verifyUserPwd'],
  'date-form': ['date-form', 'web.passport.getUserVerifyInfo'],
  'date-zone': ['date-zone', 'web.passport.getUserVerifyInfo'],
  status: ['status', 'web.passport.getUserVerifyInfo'],
  header: ['header', 'web.passport.checkVerifyMobile'],
  'byte-order-mark': ['byte-order-mark', 'web.passport.checkCodeValid'],
  'trailing-blank': ['blank-around', 'web.passport.getUserHabits'],
}

/** The kinds of difference that a report has. */
export function kindsOf({ methods }: ComparisonReport): DifferenceKind[] {
  return [...new Set(methods.flatMap(({ kinds }) => kinds.map(({ kind }) => kind)))]
}
