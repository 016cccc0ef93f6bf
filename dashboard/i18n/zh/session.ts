import type { PartOf } from '../catalogue';

export const session: PartOf<'session'> = {
  title: '登录 Order Streams',
  ended: '会话已结束。登录后可从原处继续。',
  email: '电子邮箱',
  password: '密码',
  signIn: '登录',
  signingIn: '正在登录…',
  demo: '演示账户',
  enterAs: '以{role}身份进入',
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
  claim: '支付与订单不一致，数秒内可见',
  steps: {
    buy: '买家下单',
    pay: 'PayPay 的答复会迟到、重复或缺失',
    join: '各个流相互关联',
    mend: '运维人员修复',
  },
  stepsMore: {
    buy: '订单、库存和消费限额只由 Kafka 上的事件维护，不写入别处。',
    pay: 'Webhook 只是线索：金额计入之前先向 PayPay 核实，没有消息时继续查询。',
    join: '已付款却未 PAID、重复付款、金额不符：每个矛盾都成为附带原始记录的告警。',
    mend: '退款、重新推进、再次查询：先预览，附原因，永久留存。',
  },
  about:
    '一家使用 PayPay 收款的商店，以及其背后的运维界面：每个订单、支付和告警都是 Kafka 上的事件。',
};
