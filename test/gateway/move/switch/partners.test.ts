import { expect } from 'chai'
import { methodGroups, movableMethods } from '../../../../gateway/move/switch/method-groups.js'
import { findTorn, withPartners } from '../../../../gateway/move/switch/partners.js'

/** What reads and writes nothing that another method has written. */
const alone = [
  'front.sys.config.guide',
  'front.sys.config.info',
  'front.sys.config.listTranslateLang',
  'front.sys.district.tree',
  'front.sys.feedback.getCategory',
]

describe('Methods that belong together', () => {
  it('are known of every method', () => {
    const grouped = new Set(methodGroups.flatMap(({ methods }) => methods))
    expect(movableMethods.filter((name) => !grouped.has(name))).to.deep.equal(alone)
  })

  it('are at least two in every group', () => {
    for (const { name, methods } of methodGroups) expect(methods.length, name).to.be.above(1)
  })

  it('move together: the code that is sent and the code that is checked', () => {
    const [torn] = findTorn(['web.passport.sendcode'], ['database', 'sessions'])
    expect(torn?.left).to.include('web.passport.checkcode')
    expect(withPartners(['web.passport.sendcode'], ['database', 'sessions'])).to.deep.equal([
      'web.passport.changeVerifyMobile',
      'web.passport.checkVerifyMobile',
      'web.passport.checkcode',
      'web.passport.sendcode',
    ])
  })

  it('are fewer where both servers hold something in common', () => {
    const name = 'front.account.userDeliveryAddress.list'
    expect(findTorn([name], ['database', 'sessions'])).to.deep.equal([])
    expect(findTorn([name], ['sessions']).map(({ group }) => group)).to.deep.equal(['addresses'])
    expect(findTorn([name], ['database']).map(({ group }) => group)).to.deep.equal(['sessions'])
  })

  it('are all there when a pattern covers them', () => {
    expect(findTorn(movableMethods, [])).to.deep.equal([])
  })
})
