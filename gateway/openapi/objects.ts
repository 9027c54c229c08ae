/** A JSON Schema of OpenAPI 3.1, which is JSON Schema 2020-12. */
export type SchemaObject = Readonly<Record<string, unknown>>

/** A reference to a component. */
export type Reference = { readonly $ref: string }

export interface ParameterObject {
  readonly name: string
  readonly in: 'query' | 'header' | 'cookie'
  readonly description: string
  readonly required?: true
  readonly schema: SchemaObject
  readonly example?: unknown
}

export interface MediaType {
  readonly schema: SchemaObject
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, Reference>>
}

export interface RequestBody {
  readonly required: boolean
  readonly content: Readonly<Record<string, MediaType>>
}

export interface ResponseObject {
  readonly description: string
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: SchemaObject }>>
  readonly content?: Readonly<Record<string, MediaType>>
}

/** Names of schemes that are needed together. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly deprecated?: true
  readonly security: readonly SecurityRequirement[]
  readonly parameters: readonly ParameterObject[]
  readonly requestBody?: RequestBody
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>
  /** The wire name of the method. */
  /** `summary` in English. */
  readonly 'x-summary-en': string
  readonly 'x-method': string
  /** Names of the errors that follow from the contract; `default` has all there are. */
  readonly 'x-errors': readonly string[]
  /** What the example is answered with: an error where something outside of the call has to happen before. */
  readonly 'x-example-answer': string
}

export type PathItem = Partial<Record<'get' | 'post', Operation>>

/** An OpenAPI 3.1 description. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: Readonly<Record<string, unknown>>
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, unknown>>
    readonly schemas: Readonly<Record<string, SchemaObject>>
    readonly responses: Readonly<Record<string, ResponseObject>>
    readonly examples: Readonly<Record<string, unknown>>
  }
}
