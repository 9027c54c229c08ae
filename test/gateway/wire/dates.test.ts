import { expect } from 'chai'
import { readDate } from '../../../gateway/wire/dates.js'
import { describeExpectation } from '../../../gateway/contract/expectation.js'

describe('a date as callers write it', () => {
  const read = (text: string) => readDate(text, 'date-time', 'Asia/Shanghai')

  it('may be epoch milliseconds or seconds', () => {
    expect(read('1700000000000')).to.equal('2023-11-15 06:13:20')
    expect(read('1700000000')).to.equal('2023-11-15 06:13:20')
    expect(read('631123200')).to.equal('1990-01-01 00:00:00')
    expect(read('-315648000')).to.equal('1960-01-01 00:00:00')
    expect(read('315504000000')).to.equal('1980-01-01 00:00:00')
    expect(readDate('631123200', 'date', 'Asia/Shanghai')).to.equal('1990-01-01')
  })

  it('counts milliseconds from the end of January 1970 on', () => {
    expect(read('2592000000')).to.equal('1970-01-31 08:00:00')
    expect(read('1999999999')).to.equal('2033-05-18 11:33:19')
  })

  it('stays as it is when it is none', () => {
    for (const text of ['17000000', '1e9', '1700000000.5', 'yesterday', '1700000000000000'])
      expect(read(text)).to.equal(text)
  })

  it('is refused by the forms that are wanted', () => {
    expect(describeExpectation({ type: 'string', format: 'date' })).to.equal(
      'date as yyyy-MM-dd, yyyyMMdd or yyyy/MM/dd, or epoch milliseconds',
    )
    expect(describeExpectation({ type: 'string', format: 'date-time' })).to.equal(
      'time as yyyy-MM-dd, yyyyMMdd or yyyy/MM/dd, with HH:mm:ss or without, or epoch milliseconds',
    )
  })
})
