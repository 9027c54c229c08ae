import { Checkbox, Stack, Text, TextInput } from '@mantine/core'
import { useMethods } from '../../reference/use-methods.js'
import { useLanguage, useTexts } from '../../words.js'
import { words } from './words.js'

interface Props {
  readonly grants: readonly string[]
  readonly onChange: (grants: readonly string[]) => void
}

/** A branch of the names of methods, or a method itself: `web`, `web.passport`, `web.passport.modify`. */
interface Branch {
  readonly name: string
  /** What a grant of it is: `web.passport.*`; of a method its name. */
  readonly pattern: string
  readonly title: string
  readonly branches: readonly Branch[]
}

/** Picks what an application may call from the tree of all methods; patterns that are no branch are written below it. */
export function GrantTree({ grants, onChange }: Props) {
  const text = useTexts(words)
  const language = useLanguage()
  const { load } = useMethods()
  const methods = (load.kind === 'read' ? load.data : []).map(({ name, title }) => {
    return { name, title: title[language] }
  })
  const branches = branchesOf('', methods)
  const known = new Set(['*', ...patternsOf(branches)])
  const others = grants.filter((grant) => !known.has(grant))
  const toggle = (pattern: string, isOn: boolean) =>
    onChange(isOn ? [...grants, pattern] : grants.filter((grant) => grant !== pattern))
  const tree = { grants, toggle, isCovered: grants.includes('*') }
  return (
    <Stack gap="xs" role="group" aria-label={text.grants}>
      <div>
        <Text fw={600} size="sm">
          {text.grants}
        </Text>
        <Text size="xs" c="dimmed">
          {text.grantsHint}
        </Text>
      </div>
      <Checkbox
        label={text.everything}
        checked={tree.isCovered}
        onChange={({ currentTarget }) => toggle('*', currentTarget.checked)}
      />
      <div className="grant-tree">
        {branches.map((branch) => (
          <BranchView key={branch.pattern} branch={branch} {...tree} />
        ))}
      </div>
      <TextInput
        label={text.others}
        key={known.size}
        defaultValue={others.join(', ')}
        onBlur={({ currentTarget: { value } }) => {
          const written = value.split(/[\s,，]+/).filter((pattern) => pattern !== '')
          onChange([...grants.filter((grant) => known.has(grant)), ...written])
        }}
      />
    </Stack>
  )
}

interface BranchProps {
  readonly branch: Branch
  readonly grants: readonly string[]
  readonly toggle: (pattern: string, isOn: boolean) => void
  /** Whether a branch above it is ticked. */
  readonly isCovered: boolean
}

function BranchView({ branch, grants, toggle, isCovered }: BranchProps) {
  const { name, pattern, title, branches } = branch
  const isOn = isCovered || grants.includes(pattern)
  const box = (
    <Checkbox
      label={branches.length === 0 ? `${name} ${title}` : pattern}
      checked={isOn}
      disabled={isCovered}
      onChange={({ currentTarget }) => toggle(pattern, currentTarget.checked)}
    />
  )
  if (branches.length === 0) return <div className="grant-leaf">{box}</div>
  return (
    <details>
      <summary>
        <Text span size="sm">
          {name} ({patternsOf(branches).filter((inner) => !inner.endsWith('*')).length})
        </Text>
      </summary>
      <div className="grant-leaf">
        {box}
        {branches.map((inner) => (
          <BranchView key={inner.pattern} branch={inner} grants={grants} toggle={toggle} isCovered={isOn} />
        ))}
      </div>
    </details>
  )
}

interface NamedMethod {
  readonly name: string
  readonly title: string
}

function branchesOf(prefix: string, methods: readonly NamedMethod[]): Branch[] {
  const partOf = ({ name }: NamedMethod) => name.slice(prefix.length).split('.')[0] ?? ''
  return [...new Set(methods.map(partOf))].map((part) => {
    const name = `${prefix}${part}`
    const inner = methods.filter((method) => partOf(method) === part)
    const [only] = inner
    if (inner.length === 1 && only?.name === name)
      return { name, pattern: name, title: only.title, branches: [] }
    return { name, pattern: `${name}.*`, title: '', branches: branchesOf(`${name}.`, inner) }
  })
}

function patternsOf(branches: readonly Branch[]): string[] {
  return branches.flatMap(({ pattern, branches }) => [pattern, ...patternsOf(branches)])
}
