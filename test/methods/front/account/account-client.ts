import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { storeCaptcha } from '../../../../methods/rules/codes/captchas.js'
import { sendMailCode } from '../../../../methods/rules/codes/mail.js'
import { loginRequired } from '../../../answers.js'
import type { HttpAnswer } from '../../../fetch-answer.js'
import type { TestGateway } from '../../../harness.js'
import type { TestDatabase } from '../../../servers/databases.js'
import { withGateway } from '../../../suite.js'

/** The shop's front ends, as far as tests of the account methods need them. */
export interface AccountClient {
  /** Posts a form to `/front/account/…`. */
  post(path: string, fields?: Readonly<Record<string, string>>, token?: string): Promise<HttpAnswer>
  get(path: string, fields?: Readonly<Record<string, string>>, token?: string): Promise<HttpAnswer>
  /** Texts a code to a number of area 86 and reads it. */
  receiveCode(mobile: string): Promise<string>
  /** Mails a code and reads it. */
  receiveMail(email: string): Promise<string>
  /** A picture whose text is `pict`: its key. */
  drawPicture(): Promise<string>
}

/** What pictures of tests show. */
export const pictureText = 'pict'

/** Lets a test send as many codes as it likes. */
export const manyCodes = { CODE_GAP: '0', CODE_PER_NUMBER_HOUR: '1000', CODE_PER_NUMBER_DAY: '1000' }

export function createAccountClient(gateway: TestGateway): AccountClient {
  const withToken = (token?: string): RequestInit =>
    token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }
  return {
    post: (path, fields = {}, token) =>
      gateway.request(`/front/account/${path}`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        ...withToken(token),
      }),
    get: (path, fields = {}, token) =>
      gateway.request(`/front/account/${path}?${new URLSearchParams(fields).toString()}`, withToken(token)),
    async receiveCode(mobile) {
      await gateway.call('web.passport.sendcode', { mobile })
      return gateway.lastCode(mobile)
    },
    async receiveMail(email) {
      await sendMailCode(gateway.services, { email }, { ip: '127.0.0.1', app: undefined, session: undefined })
      const [mail] = await gateway.sentTo(email)
      return /(\d{4,8})/.exec(mail?.text ?? '')?.[1] ?? ''
    },
    async drawPicture() {
      const key = randomBytes(8).toString('hex')
      await storeCaptcha(gateway.services, key, pictureText)
      return key
    },
  }
}

type ClientBody = (gateway: TestGateway, client: AccountClient, database: TestDatabase) => void
type ClientArguments = [body: ClientBody] | [env: Readonly<Record<string, string>>, body: ClientBody]

/** Defines a suite on each kind of database, each time with a gateway and a front end of its shop. */
export function withClient(title: string, ...given: ClientArguments): void {
  const [env, body] = given.length === 1 ? [{}, given[0]] : given
  withGateway(title, env, (gateway, database) => body(gateway, createAccountClient(gateway), database))
}

/** The case that a method is for who is signed in. */
export function itNeedsLogin(ask: () => Promise<HttpAnswer>): void {
  it('needs a login', async () => {
    expect((await ask()).text).to.equal(loginRequired)
  })
}

/** What a token's bearer is: alive or not. */
export async function isAlive({ services }: TestGateway, token: string): Promise<boolean> {
  return services.sessions.verify(token).then(
    () => true,
    () => false,
  )
}

/** The token of a successful sign-in. */
export function tokenOf(answer: HttpAnswer): string {
  const data = answer.json?.data
  const token = typeof data === 'object' && data !== null && 'token' in data ? data.token : undefined
  if (typeof token !== 'string') throw new Error(`no token: ${answer.text}`)
  return token
}
