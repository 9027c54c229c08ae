import type { KnownUser } from '../../../db/user-import.js'
import { fromColumns, toE164 } from '../../../methods/rules/contacts/mobiles.js'
import type { ImportedUser } from './imported-user.js'

/** What a user of the file meets: nobody, the same user, or another who has the id or the account. */
export type Meeting =
  | { readonly is: 'new' }
  | { readonly is: 'known'; readonly known: Met }
  | { readonly is: 'conflict'; readonly problem: string }

/** A user who is there already, or earlier in the file: then there is no row. */
export type Met = Pick<KnownUser, 'user_account'> & {
  readonly user_id: number | undefined
  readonly contacts: readonly string[]
  readonly row?: KnownUser
}

/** Users by id and account, those of the file included as they are met. */
export class KnownUsers {
  private readonly byId = new Map<number, Met>()
  private readonly byAccount = new Map<string, Met>()
  private readonly byContact = new Map<string, Met>()
  private readonly earlier: KnownUsers | undefined

  /** `earlier`: users of the file that no database has, as in a dry run. */
  constructor(earlier?: KnownUsers) {
    this.earlier = earlier
  }

  /** Remembers what another has met for the first time. */
  remember({ byAccount }: KnownUsers): void {
    for (const met of byAccount.values()) if (!met.row) this.add(met)
  }

  /** Which of the user's number and address belong to an earlier user of the file. */
  takenEarlier(user: ImportedUser): ('mobile' | 'email')[] {
    const isTaken = (contact: string) => this.earlier?.byContact.has(contact) ?? false
    const taken = importedContacts(user).filter(isTaken)
    return taken.map((contact) => (contact === user.email ? 'email' : 'mobile'))
  }

  /** Takes users of the database. */
  addRows(rows: readonly KnownUser[]): void {
    for (const row of rows) this.add({ ...row, contacts: contactsOf(row), row })
  }

  /** What a user of the file meets; a new one is known from now on. */
  meet(user: ImportedUser): Meeting {
    const meeting = this.find(user)
    if (meeting.is === 'new')
      this.add({ user_id: user.uid, user_account: user.account, contacts: importedContacts(user) })
    return meeting
  }

  private find(user: ImportedUser): Meeting {
    const key = keyOf(user.account)
    const sameId = user.uid === undefined ? undefined : this.withId(user.uid)
    const sameAccount = this.byAccount.get(key) ?? this.earlier?.byAccount.get(key)
    if (sameId && keyOf(sameId.user_account) === key) return { is: 'known', known: sameId }
    if (sameId) return { is: 'conflict', problem: 'uid: another user has it already; not imported' }
    if (!sameAccount) return { is: 'new' }
    const isOther = user.uid !== undefined || isStranger(sameAccount.contacts, importedContacts(user))
    if (isOther) return { is: 'conflict', problem: 'account: another user has it already; not imported' }
    return { is: 'known', known: sameAccount }
  }

  private withId(userId: number): Met | undefined {
    return this.byId.get(userId) ?? this.earlier?.byId.get(userId)
  }

  private add(met: Met): void {
    if (met.user_id !== undefined) this.byId.set(met.user_id, met)
    this.byAccount.set(keyOf(met.user_account), met)
    for (const contact of met.contacts) this.byContact.set(contact, met)
  }
}

/** Whether two who have the same account have numbers or addresses, and none in common. */
function isStranger(known: readonly string[], imported: readonly string[]): boolean {
  return known.length > 0 && imported.length > 0 && !imported.some((contact) => known.includes(contact))
}

function importedContacts({ mobile, email }: ImportedUser): string[] {
  return [mobile ? toE164(mobile) : '', email].filter(Boolean)
}

function contactsOf({ user_intl, user_mobile, user_email }: KnownUser): string[] {
  const mobile = fromColumns(user_intl, user_mobile)
  return [mobile.number === '' ? '' : toE164(mobile), (user_email ?? '').toLowerCase()].filter(Boolean)
}

/** Accounts are compared without case. */
function keyOf(account: string): string {
  return account.toLowerCase()
}
