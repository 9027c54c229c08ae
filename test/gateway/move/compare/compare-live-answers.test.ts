import { expect } from 'chai'
import { compareLiveAnswers } from '../../../../gateway/move/compare/compare-live-answers.js'
import type { RecordedAnswer } from '../../../../gateway/move/traffic/recorded-call.js'

const answer = (value: string): RecordedAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json;charset=UTF-8' },
  body: { text: `{"code":200,"data":{"t":${value}},"message":"操作成功"}` },
})

function kinds(one: string, other: string, later?: number): string[] {
  const found = [answer(one), answer(other)] as const
  return compareLiveAnswers(found[0], found[1], later).map(({ kind }) => kind)
}

describe('Two servers that are asked the same', () => {
  it('write each their own now, up to two seconds apart', () => {
    expect(kinds('"2015-11-13 23:59:58"', '"2015-11-14 00:00:00"')).to.deep.equal([])
    expect(kinds('"2015\\/11\\/13 23:59:59"', '"2015\\/11\\/14 00:00:00"')).to.deep.equal([])
    expect(kinds('"2015-11-13T14:14:35.900Z"', '"2015-11-13T14:14:36.100Z"')).to.deep.equal([])
    expect(kinds('"2015-11-13 14:14:35"', '"2015-11-13 14:14:38"')).to.deep.equal(['value'])
  })

  it('are as far apart as one of them was asked later', () => {
    expect(kinds('"2015-11-13 14:14:35"', '"2015-11-13 14:14:45"', 8000)).to.deep.equal([])
    expect(kinds('"2015-11-13 14:14:35"', '"2015-11-13 14:14:46"', 8000)).to.deep.equal(['value'])
  })

  it('differ in the form of a date, its zone, and in what is no date to the second', () => {
    expect(kinds('"2015-11-13 14:14:35"', '"2015/11/13 14:14:36"')).to.deep.equal(['date-form', 'value'])
    expect(kinds('"2015-11-13 14:14:35"', '"2015-11-13 06:14:35"')).to.deep.equal(['date-zone'])
    expect(kinds('"2015-11-13 14:14"', '"2015-11-13 14:15"')).to.deep.equal(['value'])
    expect(kinds('1447395275', '1447395276')).to.deep.equal(['value'])
  })
})
