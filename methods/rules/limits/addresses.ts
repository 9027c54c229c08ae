/** `sms:+8613912345678` or `mail:a@example.com`: a number or an e-mail address together with its channel. */
export type ChannelAddress = `sms:${string}` | `mail:${string}`

export function channelOf(address: ChannelAddress): 'sms' | 'mail' {
  return address.startsWith('sms:') ? 'sms' : 'mail'
}

/** The number or the e-mail address alone. */
export function valueOf(address: ChannelAddress): string {
  return address.slice(address.indexOf(':') + 1)
}
