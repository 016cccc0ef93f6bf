import type { PartOf } from '../catalogue';

export const webhooks: PartOf<'webhooks'> = {
  title: 'Webhook',
  lead: 'PayPay から届いた通知と、その扱い。',
  verdict: '判定',
  reading: 'Webhook を読み込んでいます…',
  notRead: 'Webhook を読み込めませんでした',
  none: 'Webhook はまだ届いていません。',
  noneOf: 'この判定の Webhook はありません。',
  unknownState: '不明な状態',
  order: '注文',
  emptyBody: '本文がないか、読み取れませんでした。',
  verdicts: {
    HINT: 'ヒント: PayPay の API に照会',
    TRUSTED: '信頼: PayPay のアドレスから',
    FOREIGN_ORDER: '他のショップの注文',
    UNKNOWN_KIND: '別の種類',
    UNREADABLE: '読み取り不能',
    REFUSED: '拒否',
  },
};
