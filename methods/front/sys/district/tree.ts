import { defineMethod } from '../../../../gateway/contract/method.js'
import { loadDistrictTree } from '../../../rules/shop/district-tree.js'

export default defineMethod('front.sys.district.tree', {
  auth: 'none',
  handle: (_, services) => loadDistrictTree(services),
})
