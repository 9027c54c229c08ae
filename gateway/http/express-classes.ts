import { IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import express, { type Express } from 'express'

type OutgoingHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[]

/**
 * The request and response classes of a server for an Express application. Express sets the prototype of every
 * request and response, which makes V8 rebuild their hidden classes and costs more than all else it does. Objects
 * that have the prototype already are left alone: three times as fast.
 */
export function prepareExpressClasses(
  app: Express,
  state: { readonly leaving: boolean },
): { Request: typeof IncomingMessage; Response: typeof ServerResponse } {
  class Request extends IncomingMessage {}
  class Response<T extends IncomingMessage> extends ServerResponse<T> {
    /** Once the server takes no more connections, every answer asks its client to leave, also those to calls from before. */
    override writeHead(status: number, reason?: string | OutgoingHeaders, headers?: OutgoingHeaders): this {
      if (state.leaving) this.shouldKeepAlive = false
      return super.writeHead(status, reason as string, headers)
    }
  }
  const prepare = (target: object, prototype: object) => {
    Object.setPrototypeOf(target, prototype)
    Object.defineProperty(target, 'app', { value: app, configurable: true, writable: true })
    return target
  }
  app.request = prepare(Request.prototype, express.request) as typeof app.request
  app.response = prepare(Response.prototype, express.response) as typeof app.response
  return { Request, Response }
}
