import { useContext } from 'react'
import { LanguageContext } from '../../words.js'

/** Writes moments (ms) in the language of the page and the zone of its user; a dash for none. */
export function useTime(): (moment: number | null) => string {
  const language = useContext(LanguageContext)
  const form = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
  })
  return (moment) => (moment === null || moment <= 0 ? '–' : form.format(moment))
}
