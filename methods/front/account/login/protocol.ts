import { findSettings } from '../../../../db/settings.js'
import { saveConsent } from '../../../../db/user-consents.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { documentSettings, storeDescriptionKey } from '../../../rules/settings/own-keys.js'

/** Only settings that are documents: never any other row of the settings (account.md §7). */
export default defineMethod('front.account.login.protocol', {
  auth: 'optional',
  async handle({ params, session }, { db, clock }) {
    const isStore = params.document_type === 'store'
    const key = isStore ? storeDescriptionKey : params.protocols_key || 'reg_protocols_description'
    const isDocument = Object.hasOwn(documentSettings, key)
    if (!isStore && !isDocument) return { document: '', state: 0 }
    if (params.state === 1 && session && isDocument)
      await saveConsent(db, { user_id: session.userId, document_key: key, agreed_at: clock.now() })
    return { document: (await findSettings(db, [key])).get(key) ?? '', state: 1 }
  },
})
