import type { PartOf } from '../catalogue';

export const session: PartOf<'session'> = {
  title: 'Order Streams にサインイン',
  ended: 'セッションが終了しました。サインインすると続きから再開できます。',
  email: 'メールアドレス',
  password: 'パスワード',
  signIn: 'サインイン',
  signingIn: 'サインインしています…',
  demo: 'デモアカウント',
  fill: '入力する',
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
  about:
    'PayPay で支払えるショップと、その裏側の運用画面です。注文・支払い・アラートはすべて Kafka 上のイベントです。',
};
