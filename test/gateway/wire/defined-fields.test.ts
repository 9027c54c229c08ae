import { expect } from 'chai'
import { defined } from '../../../gateway/wire/defined-fields.js'

describe('the fields that have a value', () => {
  it('are kept in their order, however empty they are', () => {
    const fields = { b: '', a: 0, none: undefined, c: null, d: false }
    expect(JSON.stringify(defined(fields))).to.equal('{"b":"","a":0,"c":null,"d":false}')
    expect(Object.keys(defined(fields))).to.deep.equal(['b', 'a', 'c', 'd'])
    expect(defined({ none: undefined })).to.deep.equal({})
  })
})
