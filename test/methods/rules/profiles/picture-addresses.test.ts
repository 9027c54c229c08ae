import { expect } from 'chai'
import {
  absolutePictureAddress,
  isPictureAddress,
  splitPictures,
} from '../../../../methods/rules/profiles/picture-addresses.js'

describe("a picture's address", () => {
  it('is on http or https, or a path on the site', () => {
    for (const address of [
      'https://img.example.com/a.png?w=1&h=2#x',
      'HTTP://img.example.com/图.png',
      '/upload/a.png',
      'upload/a:b.png',
      'a.png',
    ])
      expect(isPictureAddress(address), address).to.equal(true)
  })

  it('is nothing that a browser runs, or that another site serves in disguise', () => {
    for (const address of [
      '',
      'javascript:alert(1)',
      'vbscript:x',
      'data:text/html,x',
      'ftp://example.com/a.png',
      '//example.com/a.png',
      '\\\\example.com\\a.png',
      ' javascript:alert(1)',
      'java\tscript:alert(1)',
      'https://example.com/a.png" onload="x',
      '/a.png<script>',
      '/a b.png',
    ])
      expect(isPictureAddress(address), address).to.equal(false)
  })

  it('is absolute for clients, and stays empty', () => {
    const absolute = (address: string) => absolutePictureAddress(address, 'https://shop.example.com/passport')
    expect(absolute('')).to.equal('')
    expect(absolute('https://img.example.com/a.png')).to.equal('https://img.example.com/a.png')
    expect(absolute('/upload/a.png')).to.equal('https://shop.example.com/passport/upload/a.png')
    expect(absolute('upload/a.png')).to.equal('https://shop.example.com/passport/upload/a.png')
    expect(absolute('javascript:alert(1)')).to.equal('https://shop.example.com/passport/javascript:alert(1)')
    expect(absolute('//evil.example.com/a.png')).to.equal(
      'https://shop.example.com/passport/evil.example.com/a.png',
    )
  })

  it('is one of several in the lists of the old tables', () => {
    expect(splitPictures(' /a.png,,/b.png ,')).to.deep.equal(['/a.png', '/b.png'])
    expect(splitPictures('')).to.deep.equal([])
  })
})
