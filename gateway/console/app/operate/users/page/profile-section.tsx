import { useTexts } from '../../../words.js'
import { Facts, Section } from '../../section.js'
import { formatMoment } from '../../times.js'
import type { UserPageData } from '../user-data.js'
import { words } from '../words.js'

/** What the user is called and when the user came. */
export function ProfileSection({ page: { user } }: { readonly page: UserPageData }) {
  const text = useTexts(words)
  const from = (ip: string) => (ip === '' ? '' : ` · ${text.fromIp} ${ip}`)
  const signedIn = user.last_sign_in_time > 0
  return (
    <Section title={text.profile}>
      <Facts
        facts={[
          [text.id, user.user_id],
          [text.account, user.user_account],
          [text.gender, text.genders[user.user_gender] ?? user.user_gender],
          [
            text.birthday,
            user.user_birthday?.startsWith('1971-01-01') ? '–' : (user.user_birthday?.slice(0, 10) ?? '–'),
          ],
          [text.level, user.user_level_name || text.noLevel],
          [text.tags, user.tags.map(({ tag_title }) => tag_title).join('、') || '–'],
          [text.registered, `${formatMoment(user.user_reg_time)}${from(user.user_reg_ip)}`],
          [
            text.lastSignIn,
            signedIn
              ? `${formatMoment(user.last_sign_in_time)}${from(user.user_lastlogin_ip)} · ${user.user_count_login} ${text.times}`
              : text.never,
          ],
        ]}
      />
    </Section>
  )
}
