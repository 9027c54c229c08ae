import { List, Text } from '@mantine/core'
import { WideTable } from '../../../wide-table.js'
import { useTexts } from '../../../words.js'
import { obstacleWords } from './obstacle-words.js'
import { UserLink } from '../../links.js'
import { Section } from '../../section.js'
import { formatMoment } from '../../times.js'
import type { UserPageData } from '../user-data.js'
import { words } from '../words.js'

/** Why the user could not sign in: what shuts the ways now, and what was refused lately. */
export function ObstacleSection({ page }: { readonly page: UserPageData }) {
  const text = useTexts(obstacleWords)
  const { when, outcome, action, ip } = useTexts(words)
  return (
    <Section title={text.title}>
      {page.obstacles.length === 0 ? (
        <Text>{text.none}</Text>
      ) : (
        <List spacing="xs">
          {page.obstacles.map((obstacle, at) => (
            <List.Item key={at} className="name">
              <Sentence obstacle={obstacle} />
            </List.Item>
          ))}
        </List>
      )}
      <Text fw={600} size="sm">
        {text.refusals}
      </Text>
      {page.refusals.length === 0 ? (
        <Text size="sm">{text.noRefusals}</Text>
      ) : (
        <WideTable
          label={text.refusals}
          heads={[when, outcome, action, ip]}
          rows={page.refusals.map((refusal) => [
            formatMoment(refusal.time),
            text.outcomes[refusal.outcome] ?? refusal.outcome,
            refusal.action,
            refusal.ip || '–',
          ])}
        />
      )}
    </Section>
  )
}

function Sentence({ obstacle }: { readonly obstacle: UserPageData['obstacles'][number] }) {
  const text = useTexts(obstacleWords)
  const { kind, way, count, until, detail } = obstacle
  const isUser = kind === 'address-of-another'
  return (
    <>
      {way !== '' && <strong>{text.ways[way] ?? way}: </strong>}
      {text.kinds[kind] ?? kind}
      {count > 0 && ` ${count} ${text.count}${text.stop}`}
      {until !== null && ` ${text.until} ${formatMoment(until)}${text.stop}`}
      {detail !== '' && (
        <>
          {' '}
          {isUser ? (
            <UserLink id={detail}>{`${text.user} ${detail}`}</UserLink>
          ) : (
            `${text.fromNetwork} ${detail}`
          )}
        </>
      )}
    </>
  )
}
