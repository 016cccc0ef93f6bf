import type { PartOf } from '../catalogue';

export const webhooks: PartOf<'webhooks'> = {
  title: 'Webhook',
  lead: 'PayPay 发来的通知，以及对每条的处理。',
  verdict: '判定',
  reading: '正在读取 Webhook…',
  notRead: '无法读取 Webhook',
  none: '尚未收到 Webhook。',
  noneOf: '没有此判定的 Webhook。',
  unknownState: '未知状态',
  order: '订单',
  emptyBody: '无内容，或未能读取。',
  verdicts: {
    HINT: '提示：已询问 PayPay 的 API',
    TRUSTED: '可信：来自 PayPay 的地址',
    FOREIGN_ORDER: '其他商店的订单',
    UNKNOWN_KIND: '其他类型',
    UNREADABLE: '无法读取',
    REFUSED: '已拒绝',
  },
};
