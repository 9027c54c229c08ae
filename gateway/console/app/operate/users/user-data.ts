import type { Contracts } from '../../../../../schemas/contracts.js'
import { callManage } from '../calls.js'

type Results = {
  readonly [Name in keyof Contracts]: Contracts[Name] extends { readonly result: infer Result }
    ? Result
    : null
}

export type UserPageData = Results['manage.console.user.get']
type UserListData = Results['manage.console.user.list']
export type ListedUser = UserListData['items'][number]
type CertificateListData = Results['manage.console.certificate.list']
export type WaitingCertificate = CertificateListData['items'][number]
export type Picture = ListedUser['avatar']
export type LevelData = Results['manage.account.userLevel.list']
export type TagData = Results['manage.account.userTagGroup.tree']

/** Calls a method and answers what its contract promises. */
export async function read<Name extends keyof Results>(
  name: Name,
  params: object = {},
): Promise<Results[Name]> {
  return (await callManage(`/${name.replaceAll('.', '/')}`, params)) as Results[Name]
}
