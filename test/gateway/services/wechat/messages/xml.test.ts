import { expect } from 'chai'
import {
  readMessageXml,
  textOf,
  writeMessageXml,
} from '../../../../../gateway/services/wechat/messages/xml.js'

/** The file that an external entity would read. */
const external = '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Content>&x;</Content></xml>'

const laughs = `<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "ha">${Array.from(
  { length: 9 },
  (_, at) => `<!ENTITY ${'abcdefghij'[at + 1]} "${`&${'abcdefghij'[at]};`.repeat(10)}">`,
).join('')}]><xml><Content>&j;</Content></xml>`

describe('the XML of WeChat messages', () => {
  it('is read to its fields, all of them texts, to the blank', async () => {
    const xml = `<?xml version="1.0"?>\n<xml>
  <MsgId>6074130599188426998</MsgId>
  <Content><![CDATA[ <b>&amp; 你好 😀 ]]></Content>
  <Empty></Empty>\n</xml>`
    expect(await readMessageXml(xml)).to.deep.equal({
      MsgId: '6074130599188426998',
      Content: ' <b>&amp; 你好 😀 ',
      Empty: '',
    })
  })

  it('is read where it is nested, as of pictures that a menu asked for', async () => {
    const item = (sum: string) => `<item><PicMd5Sum><![CDATA[${sum}]]></PicMd5Sum>\n</item>\n`
    const xml = `<xml><SendPicsInfo><Count>2</Count>\n<PicList>${item('1b5f')}${item('2c6e')}</PicList>\n</SendPicsInfo></xml>`
    expect(await readMessageXml(xml)).to.deep.equal({
      SendPicsInfo: { Count: '2', PicList: { item: [{ PicMd5Sum: '1b5f' }, { PicMd5Sum: '2c6e' }] } },
    })
  })

  it('is refused with a document type: no file is read, nothing grows', async () => {
    expect(await readMessageXml(external)).to.equal(undefined)
    // Two gigabytes, were they expanded: that would not end within the time of a test.
    expect(await readMessageXml(laughs)).to.equal(undefined)
    // A document type that only looks like the end of a text.
    const hidden = '<xml><A><![CDATA[]]]]><!DOCTYPE xml [<!ENTITY x "y">]></A></xml>'
    expect(await readMessageXml(hidden)).to.equal(undefined)
    expect(await readMessageXml('<xml><!-- a comment --><A>1</A></xml>')).to.equal(undefined)
  })

  it('takes what a user wrote for a text, be it a document type', async () => {
    expect(
      textOf(
        (await readMessageXml(`<xml><Content><![CDATA[${external}]]></Content></xml>`)) ?? {},
        'Content',
      ),
    ).to.equal(external)
    const nested = 'x <![CDATA[ <!ENTITY'
    expect(await readMessageXml(`<xml><Content><![CDATA[${nested}]]></Content></xml>`)).to.deep.equal({
      Content: nested,
    })
  })

  it('decodes the entities of XML, once, where no CDATA is', async () => {
    const contents = [
      ['https://shop.example/?a=1&amp;b=2', 'https://shop.example/?a=1&b=2'],
      ['&lt;b&gt;&quot;&apos;', `<b>"'`],
      ['&#65;&#x4F60;&#128512;', 'A你😀'],
      ['&amp;lt;&amp;#65;', '&lt;&#65;'],
      ['<![CDATA[&amp;]]>&amp;<![CDATA[&lt;]]>', '&amp;&&lt;'],
      ['a&#0;&#xD800;b', 'ab'],
    ]
    for (const [written, read] of contents)
      expect(await readMessageXml(`<xml><Content>${written}</Content></xml>`)).to.deep.equal({
        Content: read,
      })
  })

  it('expands no entity that somebody declares', async () => {
    expect(await readMessageXml('<xml><Content>&x;</Content></xml>')).to.deep.equal({ Content: '&x;' })
  })

  it('never reaches the prototype of objects', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString']) {
      const fields = await readMessageXml(`<xml><${name}><polluted>1</polluted></${name}><A>1</A></xml>`)
      expect(textOf(fields ?? {}, name), name).to.equal('')
      expect(Object.getPrototypeOf(fields ?? {}), name).to.equal(Object.prototype)
    }
    expect(Reflect.get({}, 'polluted')).to.equal(undefined)
    expect(textOf({}, 'constructor')).to.equal('')
  })

  it('is refused when it is too deep, broken or something else', async () => {
    const deep = (levels: number) => `<xml>${'<a>'.repeat(levels)}1${'</a>'.repeat(levels)}</xml>`
    expect(await readMessageXml(deep(5))).to.be.an('object')
    expect(await readMessageXml(deep(9))).to.equal(undefined)
    expect(await readMessageXml(deep(20_000))).to.equal(undefined)
    for (const xml of [
      '',
      'hello',
      '{"a":1}',
      '<xml>',
      '<xml><A></xml>',
      '<xml>text</xml>',
      '<xml/>',
      '<a>1</a>',
    ])
      expect(await readMessageXml(xml), xml).to.equal(undefined)
    expect(await readMessageXml('<xml><A>1</A></xml><xml><A>2</A></xml>')).to.equal(undefined)
  })

  it('is written so that a text stays a text', async () => {
    const Content = ']]></Content><MsgType>image</MsgType><Content><![CDATA[ 你好 \u0000\u000b& ]]]]>'
    const xml = writeMessageXml({ CreateTime: 1414243737, MsgType: 'text', Content })
    expect(await readMessageXml(xml)).to.deep.equal({
      CreateTime: '1414243737',
      MsgType: 'text',
      Content: Content.replace('\u0000\u000b', ''),
    })
    expect(writeMessageXml({ A: 'x', B: 1 })).to.equal('<xml><A><![CDATA[x]]></A><B>1</B></xml>')
  })
})
