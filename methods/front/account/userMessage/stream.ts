import { defineMethod } from '../../../../gateway/contract/method.js'
import { openMessageStream } from '../../../rules/messages/streams.js'

export default defineMethod('front.account.userMessage.stream', {
  auth: 'user',
  // Opening one costs more than a call: who is cut off again and again is to wait.
  limit: { by: 'user', points: 120, seconds: 60 },
  // A client that comes back by itself repeats the URL it began with, so the header is the newer of the two.
  handle: ({ params, session, lastEventId }, services) =>
    openMessageStream(services, session, lastEventId || params.last_event_id),
})
