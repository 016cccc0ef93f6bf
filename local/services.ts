/**
 * Owns the list of what the stack is made of, in the order in which it is shown.
 */
import { firebaseService } from './firebase/firebase-service';
import { kafkaService } from './kafka/kafka-service';
import { postgresService } from './postgres/postgres-service';
import { redisService } from './redis/redis-service';
import { registryService } from './registry/registry-service';
import type { Service } from './service';

export const services: readonly Service[] = [
  kafkaService,
  registryService,
  postgresService,
  redisService,
  firebaseService,
];
