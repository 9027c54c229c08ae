import { type Drill, judge, skip } from '../finding.js'

/** Messages whose kind says that the whole text is an address, and one of plain text. */
const messages = [
  ['img', 'javascript:alert(1)'],
  ['file', 'data:text/html,<a href="/x">x</a><script>alert(1)</script>'],
  ['img', '<img src="/a.png">javascript:alert(1)'],
  ['voice', '<a href="https://example.com/" onclick="alert(1)">x</a>'],
  ['video', 'https://example.com/a.mp4" onerror="alert(1)'],
  ['text', '<a href="javascript:alert(1)">x</a><img src=x onerror=alert(1)>'],
] as const

/** How the method answers a token that is none, or over. */
const sessionOver = 10014

/** What a page would run: a scheme at the begin of an address, or an attribute of an event. */
const running =
  /^\s*(?:javascript|data):|(?:href|src)\s*=\s*["']?\s*(?:javascript|data):|<script|["'\s]on\w+\s*=/i

/** Messages are shown as HTML: what is stored of them must hold nothing that runs. */
export const links: Drill = {
  name: 'links',
  description: 'messages carry scripts as addresses, links and attributes',
  async attack(target) {
    const promise = 'a stored message runs nothing'
    if (target.token === undefined) return [skip(promise, '--token')]
    const findings = []
    for (const [kind, content] of messages) {
      const answer = await target.send({
        method: 'front.account.userMessage.add',
        perm_key: target.token,
        user_other_id: target.victim,
        message_cat: kind,
        message_content: content,
      })
      if (answer.code === sessionOver) return [skip(promise, '--token: it is not live')]
      const stored = answer.isAccepted ? contentOf(answer.data) : ''
      findings.push(
        judge(`a message of kind ${kind} runs nothing`, !running.test(stored), stored || 'refused'),
      )
    }
    return findings
  },
}

function contentOf(data: unknown): string {
  const content =
    typeof data === 'object' && data !== null && 'message_content' in data ? data.message_content : undefined
  return typeof content === 'string' ? content : ''
}
