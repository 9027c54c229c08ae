import { Ajv } from 'ajv'
import {
  type ContractDocument,
  inlineDefinitions,
  isRawAnswer,
  type JsonSchema,
} from '../../schemas/contract-document.js'
import { contractDocuments, sharedDefinitions } from '../../schemas/contracts.js'
import { GatewayError } from '../outcome/errors.js'
import { type ErrorName, isErrorName } from '../outcome/catalogue.js'
import { describeExpectation } from './expectation.js'
import { refuseField } from './field-refusals.js'
import type { MethodName } from './method.js'
import { closeObjects, compileSerialiser } from './result-schemas.js'
import { compileReader, type ReadableParameter } from './parameter-reader.js'
import type { RawParameters } from '../wire/query-string.js'
import { isDate } from '../wire/dates.js'

/** A contract made ready to run: reads parameters, checks and serialises results. */
export interface Contract {
  readonly name: MethodName
  readonly document: ContractDocument
  /** Every name that a declared parameter is read under. */
  readonly parameterNames: ReadonlySet<string>
  /** Those of passwords among them. */
  readonly credentialNames: readonly string[]
  /** Those on their way out, each with the names that it is read under. */
  readonly deprecatedParameters: readonly (readonly [name: string, spellings: readonly string[]])[]
  /**
   * The declared parameters, coerced and checked; what nobody declared is dropped. Throws the GatewayError that
   * the contract names for the first parameter, in declared order, that is missing or does not fit.
   */
  read(raw: RawParameters): Record<string, unknown>
  /** The result as JSON with exactly the declared fields; `undefined` for a method that answers nothing. */
  stringify(result: unknown): string | undefined
  /** What is wrong with a result, for tests and development; an undeclared field is an error. */
  findResultProblem(result: unknown): string | undefined
}

interface Parameter extends ReadableParameter {
  readonly missing: ErrorName
  readonly invalid: ErrorName
}

const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false })
ajv.addVocabulary([
  'x-missing',
  'x-invalid',
  'x-label',
  'x-aliases',
  'x-verbs',
  'x-jsonp',
  'x-safe',
  'x-raw',
  'x-stream',
  'x-batch',
  'x-redirect',
  'x-list',
  'x-cookie',
  'x-text-body',
  'x-message',
  'x-max-age',
  'x-file',
  'x-deprecated',
])
for (const format of ['date', 'date-time']) ajv.addFormat(format, (text) => isDate(text, format))

interface ContractSettings {
  /** The contract, if not the method's own. */
  readonly source?: ContractDocument
  /** Where dates of epoch milliseconds are read (TIME_ZONE). */
  readonly timeZone?: string
}

/**
 * A method's contract that its first use compiles, which takes some milliseconds: all of them together would take half
 * of every start. A test compiles each of ours, so none can be a broken one.
 */
export function compileOnFirstUse(name: MethodName, settings: ContractSettings = {}): Contract {
  let compiled: Contract | undefined
  let document: ContractDocument | undefined
  const contract = () => (compiled ??= compileContract(name, settings))
  return {
    name,
    get document() {
      return (document ??= inlineDefinitions(settings.source ?? contractDocuments[name], sharedDefinitions))
    },
    get parameterNames() {
      return contract().parameterNames
    },
    get credentialNames() {
      return contract().credentialNames
    },
    get deprecatedParameters() {
      return contract().deprecatedParameters
    },
    read: (raw) => contract().read(raw),
    stringify: (result) => contract().stringify(result),
    findResultProblem: (result) => contract().findResultProblem(result),
  }
}

/** Compiles a method's contract. Throws for a contract that is no valid schema or names an unknown error. */
export function compileContract(
  name: MethodName,
  { source = contractDocuments[name], timeZone = 'Asia/Shanghai' }: ContractSettings = {},
): Contract {
  const document = inlineDefinitions(source, sharedDefinitions)
  const isAccount = /^(front|manage)\./.test(name)
  const parameters = Object.keys(document.properties).map((key) => compileParameter(document, key, isAccount))
  const fits = ajv.compile({
    type: 'object',
    properties: document.properties,
    required: document.required,
  })
  const readParameters = compileReader(parameters, { nothingWords: isAccount, timeZone })
  const result = document.$defs?.result
  if (document['x-message'] && result?.type !== 'string')
    throw new Error(`${document.$id}: x-message is for results that are a text`)
  const serialise = compileSerialiser(document)
  const closedResult = result && closeObjects(result)
  return {
    name,
    document,
    credentialNames: parameters
      .filter(({ name }) => /^(?:user_|old|new)?(?:password|pwd)$/i.test(name))
      .flatMap(({ spellings }) => spellings),
    deprecatedParameters: parameters
      .filter(({ schema }) => schema.deprecated)
      .map(({ name, spellings }) => [name, spellings]),
    parameterNames: new Set(parameters.flatMap(({ spellings }) => spellings)),
    read(raw) {
      const params = readParameters(raw)
      if (!fits(params)) throw firstProblem(params, parameters)
      return params
    },
    stringify: (value) => serialise?.(value),
    findResultProblem(value) {
      if (document['x-redirect'] && isRawAnswer(value)) return undefined
      // Each of its answers is held against the contract of its own method.
      if (document['x-batch']) return undefined
      if (!closedResult) {
        const isOwn = document['x-raw'] || document['x-stream']
        return value === undefined || isOwn ? undefined : 'a result where none is declared'
      }
      return fitsAlone(closedResult, value) ? undefined : describeLastProblem()
    },
  }
}

function compileParameter(document: ContractDocument, name: string, isAccount: boolean): Parameter {
  const schema = document.properties[name] ?? {}
  // A list is no form: who filters by what does not fit would take another code for an empty table.
  const isField = schema['x-label'] !== undefined && !document['x-list']
  const errorNamed = (key: 'x-missing' | 'x-invalid'): ErrorName => {
    const error = schema[key] ?? (isField ? 'FIELD_REFUSED' : 'PARAM_ERROR')
    if (!isErrorName(error)) throw new Error(`${document.$id}: ${name} names the unknown error ${error}`)
    return error
  }
  return {
    name,
    spellings: isAccount ? bothSpellings(name) : [name],
    schema,
    required: document.required.includes(name),
    missing: errorNamed('x-missing'),
    invalid: errorNamed('x-invalid'),
  }
}

/** snake_case before camelCase: of both sent, the first counts (account.md §3). */
export function bothSpellings(name: string): string[] {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const camel = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  return [...new Set([snake, camel, name])]
}

function firstProblem(params: Record<string, unknown>, parameters: readonly Parameter[]): GatewayError {
  for (const { name, required, schema, missing, invalid } of parameters) {
    const value = params[name]
    if (value === undefined ? required : !fitsAlone(schema, value)) {
      const detail = `${name}: ${describeExpectation(schema)}`
      const key = value === undefined ? missing : invalid
      return key === 'FIELD_REFUSED' ? refuseField(schema, value, detail) : new GatewayError(key, { detail })
    }
  }
  return new GatewayError('PARAM_ERROR')
}

/** Compiled when it is first asked for: most never are, and to compile all takes a quarter of a second of the start. */
function fitsAlone(schema: JsonSchema, value: unknown): boolean {
  return ajv.validate(schema, value)
}

/** What ajv found last, with the name of an undeclared field, which its own text leaves out. */
function describeLastProblem(): string {
  const undeclared: unknown = ajv.errors?.[0]?.params['additionalProperty']
  return typeof undeclared === 'string' ? `${ajv.errorsText()}: ${undeclared}` : ajv.errorsText()
}
