import { expect } from 'chai'
import { markReviewed } from '../../../../db/user-certificates.js'
import { isIdcard, maskIdcard, submitCertificate } from '../../../../methods/rules/profiles/certificates.js'
import { withGateway } from '../../../suite.js'

const today = '2026-01-05'

describe('the number of an identity card', () => {
  it('has eighteen characters and the check digit of ISO 7064 mod 11-2', () => {
    for (const right of ['11010519491231002X', '34052419800101001X'])
      expect(isIdcard(right, today), right).to.equal(true)
    for (const wrong of [
      '',
      '110105194912310021',
      '11010519491231002x',
      '110105491231002',
      '01010519491231002X',
    ])
      expect(isIdcard(wrong, today), wrong).to.equal(false)
  })

  it('finds every single wrong digit and every two that changed places', () => {
    const right = '11010519491231002X'
    for (let at = 0; at < 17; at++) {
      for (let digit = 0; digit <= 9; digit++) {
        const typed = `${right.slice(0, at)}${digit}${right.slice(at + 1)}`
        expect(isIdcard(typed, today), typed).to.equal(typed === right)
      }
      const swapped = `${right.slice(0, at)}${right[at + 1]}${right[at]}${right.slice(at + 2)}`
      expect(isIdcard(swapped, today), swapped).to.equal(swapped === right)
    }
  })

  it('holds a real date, since 1900 and no later than today', () => {
    const withDate = (date: string) => {
      const body = `110105${date}002`
      const last = '0123456789X'.split('').find((digit) => checks(`${body}${digit}`))
      return `${body}${last}`
    }
    const dates: readonly [string, boolean][] = [
      ['20260105', true],
      ['20260106', false],
      ['20240229', true],
      ['20230229', false],
      ['19001301', false],
      ['19000101', true],
      ['18991231', false],
      ['19990100', false],
    ]
    for (const [date, isReal] of dates) expect(isIdcard(withDate(date), today), date).to.equal(isReal)
  })

  it('is shown by its first and last character', () => {
    expect(maskIdcard('11010519491231002X')).to.equal('1****************X')
    expect(maskIdcard('1****************X')).to.equal('1****************X')
    expect(['', '1', '12', '123'].map(maskIdcard)).to.deep.equal(['', '*', '**', '1*3'])
  })
})

/** The standard's own wording: the weighed sum of all eighteen is 1 modulo 11, where X is ten. */
function checks(number: string): boolean {
  const sum = number.split('').reduce((total, digit, at) => {
    const weight = 2 ** (17 - at) % 11
    return total + weight * (digit === 'X' ? 10 : Number(digit))
  }, 0)
  return sum % 11 === 1
}

withGateway('the review of certificates', (gateway) => {
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  const submit = async (realname: string) => {
    const user = await gateway.addUser()
    const session = await gateway.services.sessions.verify(await user.startSession())
    gateway.clock.advance(1000)
    const certificate = { realname, idcard: '11010519491231002X', images: '/a.jpg, /b.jpg' }
    await submitCertificate(gateway.services, certificate, {
      action: 'front.account.user.saveCertificate',
      app: undefined,
      session,
      ip: '127.0.0.1',
    })
    return user.uid
  }

  it('waits, its number sealed, until it is reviewed once', async () => {
    const { db, vault } = gateway.services
    const first = await submit('张三')
    expect(await db('account_user_info').where({ user_id: first }).first()).to.include({
      user_realname: '张三',
      user_idcard: '1****************X',
      user_idcard_images: '/a.jpg,/b.jpg',
    })
    const waiting = await db('user_certificate').where({ user_id: first }).first()
    expect(vault.open('idcard', waiting?.sealed_idcard ?? '')).to.equal('11010519491231002X')
    const review = { passed: true, reviewerId: 7, note: '', at: gateway.clock.now() }
    const reviews = await Promise.all([
      markReviewed(db, first, review),
      markReviewed(db, first, { ...review, passed: false }),
    ])
    expect(reviews.filter((isDone) => isDone)).to.have.length(1)
    expect(await db('user_certificate').where({ user_id: first }).first()).to.include({
      reviewer_id: 7,
      reviewed_at: review.at,
    })
  })
})
