import { expect } from 'chai'
import { cleanText, sanitiseText } from '../../../../methods/rules/messages/texts.js'

/** What may be left: text without brackets, pictures and links with at most a checked address. */
const sanitised =
  /^(?:[^<]|<img(?: src="(?:https?:\/\/|(?!\/\/)(?![^"/]*:))[^"<>\s]*")?(?: \/)?>|<a(?: href="(?:https?:\/\/|(?!\/\/)(?![^"/]*:))[^"<>\s]*")?(?: \/)?>|<\/a(?: \/)?>)*$/i

describe('texts of messages', () => {
  it('stay as they are without markup', () => {
    for (const text of [
      '',
      'hello',
      '你好，世界 🙂',
      'a & b',
      '"quoted" \'text\'',
      'line\nline',
      '1 + 1 = 2',
    ])
      expect(sanitiseText(text)).to.equal(text)
  })

  it('keep pictures and links to http(s) and to the site itself', () => {
    for (const text of [
      '<img src="https://example.com/a.png">',
      '<img src="/upload/a.png" />',
      'look: <a href="http://example.com/item">item</a>!',
      '<a href="/pages/item?id=1"><img src="upload/商品.png"></a>',
      '<a href="#top">up</a>',
    ])
      expect(sanitiseText(text)).to.equal(text)
  })

  it('keep the meaning of an address, whatever it is written in', () => {
    const kept = '<a href="/item?id=1&amp;from=2">'
    for (const text of [
      '<a href="/item?id=1&from=2">',
      '<a href="/item?id=1&amp;from=2">',
      "<A HREF='/item?id=1&from=2'>",
      '<a href=/item?id=1&from=2>',
      '<a\n  class="x" href="/item?id=1&from=2" target=_blank>',
    ])
      expect(sanitiseText(text)).to.equal(kept)
  })

  it('show all other markup as it was written', () => {
    expect(sanitiseText('<b>bold</b>')).to.equal('＜b>bold＜/b>')
    expect(sanitiseText('1 < 2 > 0')).to.equal('1 ＜ 2 > 0')
    expect(sanitiseText('<!-- <script>x</script> -->')).to.equal('＜!-- ＜script>x＜/script> -->')
    expect(sanitiseText('<img src="/a.png"></img>')).to.equal('<img src="/a.png">＜/img>')
  })

  it('lose tags that say how a text looks, and keep what stands in them', () => {
    for (const [text, kept] of [
      ['<div style="line-height: 1.5; color: #333">你好</div>', '你好'],
      ['<DIV><span class=x>a</span><br>b<br/>c</DIV><p>d</p>', 'abcd'],
      [`<div style="${'a: b; '.repeat(40)}">x</div>`, 'x'],
      ['<<p>img src="/a.png">', '＜img src="/a.png">'],
      ['<im<p>g>', '＜img>'],
    ] as const)
      expect(sanitiseText(text), text).to.equal(kept)
  })

  it('have no character reference, and every other ampersand', () => {
    for (const [text, kept] of [
      ['&lt;b&gt; &amp;lt; &#60; &#x3c; &copy;', '＆lt;b＆gt; ＆amp;lt; ＆#60; ＆#x3c; ＆copy;'],
      ['&<p>lt;', '＆lt;'],
      ['a & b && c&d; e& f; &;', 'a & b && c＆d; e& f; &;'],
    ] as const)
      expect(sanitiseText(text), text).to.equal(kept)
  })

  it('are as long as they were, or shorter, but for addresses', () => {
    for (const text of ['<'.repeat(1024), '&lt;'.repeat(256), '<b>&amp;</b>'.repeat(80)])
      expect(Array.from(sanitiseText(text))).to.have.length(text.length)
  })

  it('are read by the same rule where an earlier version or an old shop stored them', () => {
    for (const [stored, read] of [
      ['&lt;b&gt;bold&lt;/b&gt; &quot;x&quot; &#39;y&#39; a &amp; b', `＜b>bold＜/b> "x" 'y' a & b`],
      ['&amp;lt;b&amp;gt;', '＆lt;b＆gt;'],
      ['<img src="/a.png" onerror="alert(1)"><script>x</script>', '<img src="/a.png">＜script>x＜/script>'],
      ['<a href="/item?id=1&amp;from=2">x</a>', '<a href="/item?id=1&amp;from=2">x</a>'],
      ['<img src="a&quot; onerror=&quot;alert(1)">', '<img src="a">'],
      ['plain', 'plain'],
    ] as const)
      expect(cleanText(stored), stored).to.equal(read)
    expect(cleanText(null)).to.equal(null)
  })

  it('show a tag with more blanks than any client writes as text, as reading it would take long', () => {
    const crowded = `<a href="/"${' href="/"'.repeat(100)}>`
    const shown = crowded.replace('<', '＜')
    expect(sanitiseText(crowded)).to.equal(shown)
    expect(sanitiseText(shown)).to.equal(shown)
    const product = `<img class="goods" src="/a.png" alt="a b c" width="80" height="80" style="float: left">`
    expect(sanitiseText(product)).to.equal('<img src="/a.png">')
  })

  it('lose addresses that a browser would run, and those of no known kind', () => {
    for (const address of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript:alert(1)',
      'java\tscript:alert(1)',
      'java&Tab;script:alert(1)',
      'javascript&colon;alert(1)',
      '&#106;avascript:alert(1)',
      '&#x6A;avascript&#58;alert(1)',
      '&amp;#106;avascript:alert(1)',
      'vbscript:x',
      'data:text/html,x',
      'data:image/svg+xml,x',
      '//evil.example.com/x',
      '/\\evil.example.com/x',
      'ftp://example.com/x',
      'https://example.com/"onerror="x',
    ]) {
      const link = sanitiseText(`<a href='${address}'>x</a>`)
      expect(link, address).to.equal('<a>x</a>')
      expect(sanitiseText(`<img src='${address}'>`), address).to.equal('<img>')
    }
  })

  it('hold nothing but what may be left, whatever the pieces they are made of', () => {
    const pieces =
      `< > " ' = / ! -- & ; : \` a img A IMG svg script href src onerror onload style x alert(1) javascript: https://e.com/ //e.com /x &#58; &quot; &lt; <a <img <svg </a> <div> <p </span> <!-- --> ]]> <![CDATA[`
        .split(' ')
        .concat([' ', '\n', '\t', '\u0001', '\u2028'])
    let seed = 7
    const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: 1 + next(14) }, () => pieces[next(pieces.length)]).join('')
      const once = sanitiseText(text)
      expect(once, JSON.stringify(text)).to.match(sanitised)
      expect(sanitiseText(once), JSON.stringify(text)).to.equal(once)
      expect(cleanText(once), JSON.stringify(text)).to.equal(once)
    }
  })
})
