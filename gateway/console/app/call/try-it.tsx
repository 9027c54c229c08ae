import { Alert, Button, Group, NativeSelect, SegmentedControl, Stack, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { CallerFields } from './caller-fields.js'
import type { Method, Parameter } from '../reference/description.js'
import { Exchange } from './exchange.js'
import { Marked } from '../reference/marked.js'
import { type Caller, type Sent, send, signCall } from './signed-call.js'
import { useWords } from '../words.js'

interface Props {
  readonly method: Method
  readonly caller: Caller
  readonly onCaller: (caller: Caller) => void
}

/** A form made of the parameters, signed and sent from the page. */
export function TryIt({ method, caller, onCaller }: Props) {
  const text = useWords()
  const [verb, setVerb] = useState<'GET' | 'POST'>('POST')
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() => examplesOf(method))
  const [sent, setSent] = useState<Sent>()
  const endpoint = new URL('gateway', document.baseURI).href
  // A signature that is not asked for would have to be of an application that is granted the method.
  const signer = method.needsSignature ? caller : { ...caller, secret: '' }

  async function sendCall() {
    const params = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
    const signed = signCall({ method: method.name, verb, params }, signer, Date.now())
    const now = { call: signed, caller: signer, params }
    setSent({ ...now, answer: undefined })
    const answer = await send(signed, endpoint).catch((error: unknown) => ({ failure: String(error) }))
    setSent({ ...now, answer })
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    void sendCall()
  }

  return (
    <section>
      <Title order={3} size="h4" mb="sm">
        {text.tryIt}
      </Title>
      {method.isUpload || method.isStream ? (
        <Alert color="gray">{text.upload}</Alert>
      ) : (
        <Stack>
          <CallerFields caller={caller} onCaller={onCaller} withToken />
          <form onSubmit={submit}>
            <Stack gap="sm">
              <div className="two">
                {method.parameters.map((parameter) => (
                  <ParameterField
                    key={parameter.name}
                    parameter={parameter}
                    value={values[parameter.name] ?? ''}
                    onValue={(value) => setValues({ ...values, [parameter.name]: value })}
                  />
                ))}
              </div>
              <Group>
                <SegmentedControl aria-label="HTTP" value={verb} data={['POST', 'GET']} onChange={setVerb} />
                <Button type="submit" loading={sent !== undefined && sent.answer === undefined}>
                  {text.send}
                </Button>
                <Button variant="default" onClick={() => setValues(examplesOf(method))}>
                  {text.fillExample}
                </Button>
              </Group>
            </Stack>
          </form>
          {sent && <Exchange sent={sent} endpoint={endpoint} />}
        </Stack>
      )}
    </section>
  )
}

interface FieldProps {
  readonly parameter: Parameter
  readonly value: string
  readonly onValue: (value: string) => void
}

function ParameterField({ parameter: { name, required, schema, meaning }, value, onValue }: FieldProps) {
  const field = { label: name, description: <Marked text={meaning} />, required, value }
  const choices = schema.enum?.map(String)
  if (choices)
    return (
      <NativeSelect
        {...field}
        data={required ? choices : ['', ...choices]}
        onChange={({ currentTarget }) => onValue(currentTarget.value)}
      />
    )
  return (
    <TextInput {...field} autoComplete="off" onChange={({ currentTarget }) => onValue(currentTarget.value)} />
  )
}

function examplesOf({ parameters }: Method): Record<string, string> {
  return Object.fromEntries(parameters.map(({ name, example }) => [name, example]))
}
