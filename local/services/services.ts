/**
 * Owns the list of what the stack is made of, in the order in which it is shown.
 */
import { firebaseService } from './firebase/firebase-service';
import { kafkaService } from './kafka/kafka-service';
import { postgresService } from './postgres/postgres-service';
import { redisService } from './redis/redis-service';
import { registryService } from './registry/registry-service';
import type { Service } from './service';

/** `brokers`: how many of them make up Kafka. */
export function servicesWith({ brokers }: { readonly brokers: number }): readonly Service[] {
  return [
    kafkaService({ brokers }),
    registryService,
    postgresService,
    redisService,
    firebaseService,
  ];
}

export const services = servicesWith({ brokers: 1 });
