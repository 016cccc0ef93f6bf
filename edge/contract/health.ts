/** What monitors and operators are told of the edge and the services behind it. */
import { Type } from '@sinclair/typebox';
import { closedObject, oneOf } from './fields';

const NAMED = 'Only for monitors and operators.';

export const liveness = closedObject({ status: oneOf(['live']) });

const serviceState = closedObject({
  status: oneOf(['up', 'down']),
  reason: Type.Optional(Type.String({ description: 'Why it counts as down.' })),
});

export const readiness = closedObject({
  status: oneOf(['ready', 'degraded', 'not-ready'], {
    description: 'degraded: reads or sign-ins fail, webhooks are taken. not-ready: no Kafka.',
  }),
  services: Type.Optional(
    Type.Record(Type.String(), serviceState, { description: `By name. ${NAMED}` }),
  ),
});

const component = closedObject({
  status: oneOf(['UP', 'DOWN']),
  details: Type.Optional(closedObject({ reason: Type.String() })),
});

export const actuatorHealth = closedObject({
  status: oneOf(['UP', 'DOWN'], { description: 'DOWN: a service is.' }),
  components: Type.Optional(
    Type.Record(Type.String(), component, { description: `Services by name. ${NAMED}` }),
  ),
});
