import { Checkbox, Fieldset, NativeSelect, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../../words.js'
import { Act } from '../../act.js'
import { Loaded } from '../../../reading/loaded.js'
import { Section } from '../../section.js'
import { call } from '../../calls.js'
import type { LevelData, TagData, UserPageData } from '../user-data.js'
import { useLoad } from '../../../reading/use-load.js'
import { words } from '../words.js'

interface Props {
  readonly page: UserPageData
  readonly onDone: (label: string) => void
}

/** The user's level and tags, to be chosen from those there are. */
export function LevelSection({ page, onDone }: Props) {
  const text = useTexts(words)
  const { load, again } = useLoad('levels', async () => {
    const [levels, tags] = await Promise.all([
      call('manage.account.userLevel.list', { size: 500, sidx: 'user_level_id', sort: 'asc' }),
      call('manage.account.userTagGroup.tree'),
    ])
    return { levels: levels.items, groups: tags }
  })
  const { user } = page
  const key = `${user.user_level_id} ${user.tag_ids}`
  return (
    <Section title={text.levelAndTags}>
      <Loaded load={load} again={again}>
        {(choices) => <LevelForm key={key} page={page} {...choices} onDone={onDone} />}
      </Loaded>
    </Section>
  )
}

interface FormProps extends Props {
  readonly levels: LevelData['items']
  readonly groups: TagData
}

function LevelForm({ page: { user }, levels, groups, onDone }: FormProps) {
  const text = useTexts(words)
  const [level, setLevel] = useState(String(user.user_level_id))
  const [tags, setTags] = useState(() => user.tags.map(({ tag_id }) => String(tag_id)))
  const before = user.tags.map(({ tag_id }) => String(tag_id))
  const isNewLevel = level !== String(user.user_level_id)
  const areNewTags = tags.toSorted().join() !== before.toSorted().join()
  const params = {
    user_id: user.user_id,
    ...(isNewLevel && { user_level_id: level }),
    ...(areNewTags && { tag_ids: tags.join(',') }),
  }
  const options = levels.map(({ user_level_id, user_level_name }) => ({
    value: String(user_level_id),
    label: user_level_name,
  }))
  const none = user.user_level_id === 0 ? [{ value: '0', label: text.noLevel }] : []
  return (
    <Stack>
      <NativeSelect
        label={text.level}
        data={[...none, ...options]}
        value={level}
        onChange={({ currentTarget }) => setLevel(currentTarget.value)}
      />
      {groups.length === 0 ? (
        <Text size="sm">{text.noTags}</Text>
      ) : (
        <Checkbox.Group value={tags} onChange={setTags}>
          {groups.map(({ tag_title: group, children }, at) => (
            <Fieldset key={at} legend={group} variant="unstyled">
              <Stack gap="xs">
                {children.map(({ tag_id, tag_title }) => (
                  <Checkbox key={tag_id} value={String(tag_id)} label={tag_title} className="name" />
                ))}
              </Stack>
            </Fieldset>
          ))}
        </Checkbox.Group>
      )}
      <Act
        label={text.save}
        of={text.levelAndTags}
        method="manage.account.userInfo.edit"
        params={params}
        isDisabled={!isNewLevel && !areNewTags}
        onDone={onDone}
      />
    </Stack>
  )
}
