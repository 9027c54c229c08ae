import { WideTable } from '../../../wide-table.js'
import { useTexts } from '../../../words.js'
import { UserLink } from '../../links.js'
import { Act } from '../../act.js'
import { Section } from '../../section.js'
import { formatMoment } from '../../times.js'
import type { UserPageData } from '../user-data.js'
import { words } from '../words.js'

interface Props {
  readonly page: UserPageData
  readonly onDone: (label: string) => void
}

/** By what the user signs in: password, number, e-mail, WeChat. */
export function WaySection({ page, onDone }: Props) {
  const text = useTexts(words)
  const { password, addresses, platforms, user } = page
  const unbind = (way: string, of: string) => (
    <Act
      label={text.unbind}
      of={of}
      method="manage.console.user.unbind"
      params={{ user_id: user.user_id, way }}
      sure={text.unbindSure}
      onDone={onDone}
    />
  )
  const nameOf = (kind: string) => (kind === 'mobile' ? text.mobile : text.email)
  const rows = [
    [text.password, passwordText(password, text), '', ''],
    ...addresses.map(({ kind, value, verified_time, owner_id }) => [
      nameOf(kind),
      value,
      owner_id === 0 ? (
        verified_time === null ? (
          text.unproved
        ) : (
          // Of an old shop's binding it is not known when.
          formatMoment(verified_time > 1 ? verified_time : null)
        )
      ) : (
        <UserLink id={owner_id}>{`${text.ofAnother} ${owner_id}`}</UserLink>
      ),
      unbind(kind, nameOf(kind)),
    ]),
    ...platforms.map(({ way, bind_type, nickname, bind_time, is_active }) => {
      const name = platformName(way, bind_type, text.platforms)
      return [
        name,
        `${nickname || '–'}${is_active ? '' : ` · ${text.inactive}`}`,
        formatMoment(bind_time),
        way === '' ? '' : unbind(way, name),
      ]
    }),
  ]
  return (
    <Section title={text.ways}>
      <WideTable label={text.ways} heads={[text.way, text.value, text.proved, text.acts]} rows={rows} />
    </Section>
  )
}

function passwordText(
  { kind, is_usable: isUsable }: UserPageData['password'],
  text: { readonly noPassword: string; readonly noAccountForIt: string },
): string {
  if (kind === 'none') return text.noPassword
  return isUsable ? kind : `${kind} · ${text.noAccountForIt}`
}

function platformName(
  way: string,
  bindType: number,
  names: Readonly<Record<'official' | 'web' | 'mini' | 'other', string>>,
): string {
  if (way === 'official' || way === 'web' || way === 'mini') return names[way]
  return `${names.other} ${bindType}`
}
