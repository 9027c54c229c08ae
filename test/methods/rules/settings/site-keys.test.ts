import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { knownSettings } from '../../../../methods/rules/settings/known-settings.js'
import { findValueProblem } from '../../../../methods/rules/settings/setting-rules.js'
import { computedKeys } from '../../../../methods/rules/settings/computed-keys.js'
import { siteKeys } from '../../../../methods/rules/settings/site-keys.js'
import { contractDocuments } from '../../../../schemas/contracts.js'

describe('the site keys', () => {
  const result = contractDocuments['front.sys.config.info'].$defs?.result

  it('are those of the contract, in the same order, and always there where they have a default', () => {
    const keys = [...Object.keys(siteKeys), ...Object.keys(computedKeys)]
    expect(Object.keys(result?.properties ?? {})).to.deep.equal(keys)
    const always = keys.filter((key) => key in computedKeys || knownSettings[key]?.default !== undefined)
    expect(result?.required).to.deep.equal(always)
  })

  it('have the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect([siteKeys.site_version.default, siteKeys.version.default]).to.deep.equal([version, version])
  })

  it('are no names that would overwrite an app of its own', () => {
    for (const name of ['URL', 'CONFIG', 'CACHE', 'HTTPS', 'data.config', 'config'])
      expect(knownSettings).to.not.have.property(name)
  })

  it('have defaults that their own rules allow', () => {
    for (const [key, rule] of Object.entries(knownSettings))
      if (rule.default !== undefined)
        expect(findValueProblem(rule.kind, rule.default), key).to.equal(undefined)
  })
})
