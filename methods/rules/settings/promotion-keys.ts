import { setting, type SettingRules } from './setting-rules.js'

/** Those of `siteKeys` of what users earn by promotion and of withdrawals, in the order of the answer. */
export const promotionKeys = {
  withdraw_min_amount: setting('text', 'least amount of a withdrawal', '最低提现金额'),
  withdraw_received_day: setting('text', 'days until a withdrawal arrives', '提现到账的天数'),
  withdraw_monthday: setting(
    'text',
    'days of the month for withdrawals, with commas between',
    '每月可提现的日期，以逗号分隔',
  ),
  plantform_fx_withdraw_min_amount: setting(
    'text',
    'least amount of a withdrawal of commission',
    '佣金的最低提现金额',
  ),
  plantform_fx_enable: setting('switch', 'whether users earn by promotion', '用户是否可推广赚佣金'),
  plantform_fx_gift_point: setting('integer', 'points for a promotion', '推广赠送的积分'),
  plantform_poster_bg: setting('text', 'URL of the picture behind posters', '海报背景图的网址'),
  plantform_commission_withdraw_mode: setting('integer', 'how commission is withdrawn', '佣金提现方式'),
} satisfies SettingRules
