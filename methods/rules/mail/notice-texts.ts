/** A sentence in both languages: a user's own is not known to mails. */
export interface NoticeWords {
  readonly zh: string
  readonly en: string
}

export interface MailNotice extends NoticeWords {
  readonly subject: string
}

const passwordChanged: NoticeWords = {
  zh: '您的账号密码已修改。如果不是您本人操作，请立即重设密码并联系客服。',
  en: 'The password of your account was changed. If this was not you, reset it at once and contact our service.',
}
const wechatChanged: NoticeWords = {
  zh: '您的账号绑定的微信已更改。如果不是您本人操作，请立即联系客服。',
  en: 'A WeChat was added to or removed from your account. If this was not you, contact our service at once.',
}

/** What is mailed to a user's e-mail address; of a changed one, to the old address. */
export const mailNotices = {
  'mobile-added': {
    subject: '已绑定手机号码 / Mobile number added',
    zh: '您的账号已绑定手机号码。如果不是您本人操作，请立即重设密码并联系客服。',
    en: 'A mobile number was added to your account. If this was not you, reset your password and contact our service at once.',
  },
  'password-changed': { subject: '密码已修改 / Password changed', ...passwordChanged },
  'email-changed': {
    subject: '邮箱已更改 / E-mail address changed',
    zh: '您的账号已改用新的邮箱，此邮箱不再与账号绑定。如果不是您本人操作，请立即联系客服。',
    en: 'Your account now uses another e-mail address. If this was not you, contact our service at once.',
  },
  'wechat-changed': { subject: '微信绑定已更改 / WeChat binding changed', ...wechatChanged },
} as const satisfies Record<string, MailNotice>

/** What is texted to a user's number; of a changed one, to the old number. */
export const smsNotices = {
  'mobile-changed': {
    zh: '您的账号已改用新的手机号码，此号码不再与账号绑定。如果不是您本人操作，请立即联系客服。',
    en: 'Your account now uses another mobile number. If this was not you, contact our service at once.',
  },
  'password-changed': passwordChanged,
  'email-changed': {
    zh: '您的账号已绑定新的邮箱。如果不是您本人操作，请立即联系客服。',
    en: 'An e-mail address was added to your account. If this was not you, contact our service at once.',
  },
  'wechat-changed': wechatChanged,
} as const satisfies Record<string, NoticeWords>
