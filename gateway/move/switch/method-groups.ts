import { contractDocuments } from '../../../schemas/contracts.js'
import { methodTable } from '../../../methods/table.js'

/** What two servers may hold in common: accounts and all that belongs to them; tokens that each takes from the other. */
export type Common = 'database' | 'sessions'

/** Methods of which one reads what another one has written. */
export interface MethodGroup {
  /** What they have in common, in a few words. */
  readonly name: string
  /** Where both servers hold this in common, each method may move by itself; undefined: they never do. */
  readonly unless?: Common
  readonly methods: readonly string[]
}

/** All methods that an old server may know by their wire names. */
export const movableMethods: readonly string[] = Object.keys(contractDocuments).filter(
  (name) => !name.startsWith('manage.console.') && name !== 'batch',
)

/** `*` at the end of a name stands for any text. */
const parts: readonly (Omit<MethodGroup, 'methods'> & { readonly of: readonly string[] })[] = [
  {
    name: 'texted codes and checked numbers',
    of: [
      'web.passport.sendcode',
      'web.passport.checkcode',
      'web.passport.checkVerifyMobile',
      'web.passport.changeVerifyMobile',
    ],
  },
  {
    name: 'mailed links',
    of: [
      'web.passport.verifyEmail',
      'web.passport.sendVerifyEmailInfo',
      'web.passport.checkCodeValid',
      'web.passport.changeEmail',
    ],
  },
  { name: 'mailed recovery', of: ['app.register.*'] },
  {
    name: 'codes and pictures of the shop',
    of: [
      'front.sys.captcha.*',
      'front.account.login.login',
      'front.account.login.doSmsLogin',
      'front.account.login.register',
      'front.account.login.setNewPassword',
      'front.account.user.bindMobile',
      'front.account.user.unBindMobile',
    ],
  },
  {
    name: 'passwords encrypted under a key of the server',
    of: [
      'front.sys.config.publicKey',
      'front.account.login.login',
      'front.account.login.register',
      'front.account.login.setNewPassword',
      'front.account.login.changePassword',
    ],
  },
  { name: 'sign-in by WeChat', of: ['front.account.wechat.*'] },
  {
    name: "users' rows, numbers and passwords",
    unless: 'database',
    of: [
      'app.register.*',
      'front.account.login.*',
      'front.account.user.*',
      'front.account.wechat.*',
      'manage.account.user.*',
      'manage.account.userBindConnect.*',
      'manage.account.userInfo.*',
      'manage.account.userLoginHistory.*',
      'open.account.*',
      'web.passport.change*',
      'web.passport.check*',
      'web.passport.getUserVerifyInfo',
      'web.passport.sendVerifyEmailInfo',
      'web.passport.sendcode',
      'web.passport.verifyEmail',
      'web.passport.verifyUserPwd',
    ],
  },
  { name: 'cards', unless: 'database', of: ['open.passport.*'] },
  {
    name: 'contacts',
    unless: 'database',
    of: ['web.passport.getUserContacts', 'web.passport.modifyUserContacts'],
  },
  { name: 'habits', unless: 'database', of: ['web.passport.getUserHabits', 'web.passport.modifyUserHabits'] },
  { name: 'brands', unless: 'database', of: ['web.passport.getLikeBrand', 'web.passport.modifyLikeBrand'] },
  {
    name: 'addresses',
    unless: 'database',
    of: ['front.account.userDeliveryAddress.*', 'manage.account.userDeliveryAddress.*'],
  },
  {
    name: 'invoices',
    unless: 'database',
    of: ['front.account.userInvoice.*', 'manage.account.userInvoice.*'],
  },
  {
    name: 'messages',
    unless: 'database',
    of: ['front.account.userMessage.*', 'manage.account.userMessage.*', 'open.message.*'],
  },
  {
    name: 'levels',
    unless: 'database',
    of: [
      'front.account.user.listBaseUserLevel',
      'front.account.user.listsExpRule',
      'manage.account.userLevel.*',
    ],
  },
  {
    name: 'tags',
    unless: 'database',
    of: ['manage.account.userTagBase.*', 'manage.account.userTagGroup.*', 'manage.account.userInfo.addTags'],
  },
  {
    name: 'sessions',
    unless: 'sessions',
    of: [
      'front.account.login.*',
      'front.account.wechat.callbackMp',
      'front.account.wechat.callbackPc',
      'front.account.wechat.checkAppLogin',
      ...namesOfSessions(),
    ],
  },
]

/** Methods that ask for a session, by their own definitions. */
function namesOfSessions(): string[] {
  return Object.values(methodTable)
    .filter(({ auth, name }) => ['user', 'permission'].includes(auth) && !name.startsWith('manage.console.'))
    .map(({ name }) => name)
}

/** What must not be torn apart. */
export const methodGroups: readonly MethodGroup[] = parts.map(({ of, ...group }) => ({
  ...group,
  methods: movableMethods.filter((method) => of.some((part) => isPart(part, method))),
}))

function isPart(part: string, method: string): boolean {
  return part.endsWith('*') ? method.startsWith(part.slice(0, -1)) : method === part
}
