import type { PartOf } from '../catalogue';

export const session: PartOf<'session'> = {
  title: '登录 Order Streams',
  ended: '会话已结束。登录后可从原处继续。',
  email: '电子邮箱',
  password: '密码',
  signIn: '登录',
  signingIn: '正在登录…',
  demo: '演示账户',
  fill: '填入',
  roles: { ops: '运维人员', shopper: '买家' },
  notBegun: '服务器未开始会话。',
  refused: 'Firebase 拒绝：{why}',
  reasons: {
    wrong: '电子邮箱或密码错误。',
    invalidEmail: '这不是有效的电子邮箱。',
    disabled: '此账户已停用。',
    tooMany: '尝试次数过多。请等几分钟再试。',
    network: 'Firebase 没有响应。请再试一次。',
  },
  about:
    '一家使用 PayPay 收款的商店，以及其背后的运维界面：每个订单、支付和告警都是 Kafka 上的事件。',
};
