import type { PartOf } from '../catalogue';

export const session: PartOf<'session'> = {
  title: 'Order Streams にサインイン',
  ended: 'セッションが終了しました。サインインすると続きから再開できます。',
  email: 'メールアドレス',
  password: 'パスワード',
  signIn: 'サインイン',
  signingIn: 'サインインしています…',
  demo: 'デモアカウント',
  enterAs: '{role}として入る',
  roles: { ops: '運用担当者', shopper: '購入者' },
  notBegun: 'サーバーがセッションを開始しませんでした。',
  refused: 'Firebase に拒否されました: {why}',
  reasons: {
    wrong: 'メールアドレスまたはパスワードが違います。',
    invalidEmail: 'メールアドレスの形式ではありません。',
    disabled: 'このアカウントは無効です。',
    tooMany: '試行回数が多すぎます。数分待ってからもう一度お試しください。',
    network: 'Firebase が応答しません。もう一度お試しください。',
  },
  claim: '注文と食い違う支払いを、数秒で見つける',
  steps: {
    buy: '購入者が注文する',
    pay: 'PayPay の応答は遅れ、重複し、届かないこともある',
    join: 'ストリームを結合する',
    mend: '運用担当者が直す',
  },
  stepsMore: {
    buy: '注文・在庫・利用限度額は Kafka 上のイベントだけで管理されます。',
    pay: 'Webhook は手がかりです。金額を確定する前に PayPay に確認し、届かない間は問い合わせを続けます。',
    join: '支払い済みなのに PAID でない、二重払い、金額違い。食い違いはすべて根拠のレコード付きのアラートになります。',
    mend: '返金、再実行、再照会。事前に結果を確認し、理由を添え、記録はずっと残ります。',
  },
  about:
    'PayPay で支払えるショップと、その裏側の運用画面です。注文・支払い・アラートはすべて Kafka 上のイベントです。',
};
