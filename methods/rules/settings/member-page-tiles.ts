/** A tile of the member page (account-beside.md §3.3). */
interface Tile {
  readonly id: number
  readonly name: string
  readonly FeatureKey: string
  readonly url: string
  readonly icon: string
  readonly color: string
  /** Whether its page is the shop's, and not there where no shop is. */
  readonly ofShop?: true
}

/** The tiles that are built in. */
export const tiles: readonly Tile[] = [
  {
    id: 36,
    name: '售后服务',
    FeatureKey: 'service',
    url: '/member/member/returnlist',
    icon: 'zc zc-shouhoufuwu',
    color: '#44afa4',
    ofShop: true,
  },
  {
    id: 44,
    name: '签到',
    FeatureKey: 'MemSign',
    url: '/member/member/sign',
    icon: 'zc zc-wodeqiandao',
    color: '#5cdbd3',
    ofShop: true,
  },
  {
    id: 6,
    name: '会员中心',
    FeatureKey: 'MemGrade',
    url: '/member/member/task',
    icon: 'zc zc-huiyuanzhongxin',
    color: '#ffc333',
  },
  {
    id: 107,
    name: '商品收藏',
    FeatureKey: 'FavProd',
    url: '/member/member/favorites',
    icon: 'zc zc-wodeshoucang',
    color: '#56ABE4',
    ofShop: true,
  },
  {
    id: 108,
    name: '我的足迹',
    FeatureKey: 'FavProd',
    url: '/member/member/browse',
    icon: 'zc zc-wodezuji',
    color: '#56ABE4',
    ofShop: true,
  },
  {
    id: 8,
    name: '收货地址',
    FeatureKey: 'UserAddress',
    url: '/member/address/list',
    icon: 'zc zc-wodedizhi',
    color: '#1BC2A6',
  },
  {
    id: 120,
    name: '开票信息',
    FeatureKey: 'UserInvoice',
    url: '/member/invoice/list',
    icon: 'zc zc-kaipiaoxinxi',
    color: '#ff85c0',
  },
  {
    id: 120,
    name: '我的发票',
    FeatureKey: 'OrderInvoice',
    url: '/member/invoice/order',
    icon: 'zc zc-wodefapiao',
    color: '#ffc069',
    ofShop: true,
  },
  {
    id: 32,
    name: '帮助',
    FeatureKey: 'Help',
    url: '/pagesub/article/list',
    icon: 'zc zc-bangzhuzhongxin',
    color: '#ac8dd5',
    ofShop: true,
  },
  {
    id: 11,
    name: '清除缓存',
    FeatureKey: 'CleanCacheKey',
    url: '',
    icon: 'zc zc-qingchuhuancun',
    color: '#80b7f2',
  },
]
