import { expect } from 'chai'
import { createLiveValues } from '../../../../gateway/move/shadow/live-values.js'

const answer = (body: unknown, headers: readonly string[] = []) => ({
  status: 200,
  headers,
  body: Buffer.from(JSON.stringify(body)),
})

describe('Tokens and ids of two servers', () => {
  it('go together by where they stand in the answers', () => {
    const values = createLiveValues()
    const [old, ours] = ['old-token-0123456789', 'our-token-0123456789']
    values.learn(
      answer({ code: 200, data: { token: old, ud_id: 41001, name: '王' } }),
      answer({ code: 200, data: { token: ours, ud_id: 7, name: '王' } }),
    )
    expect(values.candidateFor('perm_key', old)).to.equal(ours)
    expect(values.candidateFor('authorization', old)).to.equal(ours)
    expect(values.oldFor('token', ours)).to.equal(old)
    expect(values.candidateFor('ud_id', '41001')).to.equal('7')
    expect(values.oldFor('ud_id', '7')).to.equal('41001')
  })

  it('are of their kind alone: the 7 of an address is no 7 of anything else', () => {
    const values = createLiveValues()
    values.learn(answer({ ud_id: 41001, uid: 9 }), answer({ ud_id: 7, uid: 12 }))
    expect(values.oldFor('state', '7')).to.equal('7')
    expect(values.oldFor('uid', '7')).to.equal('7')
    expect(values.oldFor('user_id', '12')).to.equal('9')
    expect(values.candidateFor('message_id', '41001')).to.equal(undefined)
  })

  it('are learned of a fresh token in a header too', () => {
    const values = createLiveValues()
    const [old, ours] = ['fresh-old-0123456789', 'fresh-our-0123456789']
    values.learn(answer({}, ['Authorization', `Bearer ${old}`]), answer({}, ['authorization', ours]))
    expect(values.candidateFor('perm_key', old)).to.equal(ours)
  })

  it('are not learned where the other side answers something else', () => {
    const values = createLiveValues()
    values.learn(answer({ token: 'old-token-0123456789' }), {
      status: 200,
      headers: [],
      body: Buffer.from('<'),
    })
    expect(values.candidateFor('token', 'old-token-0123456789')).to.equal(undefined)
  })
})
