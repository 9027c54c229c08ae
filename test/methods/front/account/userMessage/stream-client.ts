import { type EventClient, openEventClient } from '../../../../servers/event-client.js'

const path = '/front/account/userMessage/stream'

/** Opens somebody's stream of messages on a node; a header `Last-Event-ID` says where an earlier one was cut. */
export function openMessages(
  { url }: { readonly url: string },
  token: string,
  { lastEventId, ...fields }: Readonly<Record<string, string>> = {},
): Promise<EventClient> {
  const query = new URLSearchParams({ perm_key: token, ...fields }).toString()
  const headers = lastEventId === undefined ? undefined : { 'Last-Event-ID': lastEventId }
  return openEventClient(`${url}${path}?${query}`, headers)
}

/** The numbers of the messages that a stream has shown. */
export function shownBy({ events }: Pick<EventClient, 'events'>): number[] {
  return events.filter(({ event }) => event === 'message').map(({ data }) => Number(data['message_id']))
}

/** The unread counts that a stream has told. */
export function unreadBy({ events }: Pick<EventClient, 'events'>): unknown[] {
  return events.filter(({ event }) => event === 'unread').map(({ data }) => data['unread'])
}
