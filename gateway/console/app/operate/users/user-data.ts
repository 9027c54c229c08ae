import type { Results } from '../calls.js'

export type UserPageData = Results['manage.console.user.get']
export type ListedUser = Results['manage.console.user.list']['items'][number]
export type WaitingCertificate = Results['manage.console.certificate.list']['items'][number]
export type Picture = ListedUser['avatar']
export type LevelData = Results['manage.account.userLevel.list']
export type TagData = Results['manage.account.userTagGroup.tree']
