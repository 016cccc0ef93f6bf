/** The kafkajs modules that the patch changes, as its tests call them. */

declare module 'kafkajs/src/consumer/filterAbortedMessages' {
  interface Message {
    readonly offset: string;
    readonly key: Buffer | null;
    readonly isControlRecord: boolean;
    readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
  }
  function filterAbortedMessages<M extends Message>(fetched: {
    readonly messages: readonly M[];
    readonly abortedTransactions: readonly {
      readonly producerId: string;
      readonly firstOffset: string;
    }[];
  }): M[];
  export = filterAbortedMessages;
}

declare module 'kafkajs/src/producer/groupMessagesPerPartition' {
  import type { Message, PartitionerArgs } from 'kafkajs';
  function groupMessagesPerPartition(batch: {
    readonly topic: string;
    readonly partitionMetadata: readonly unknown[];
    readonly messages: readonly Message[];
    readonly partitioner: (args: PartitionerArgs) => number;
  }): Record<number, Message[]>;
  export = groupMessagesPerPartition;
}

declare module 'kafkajs/src/retry' {
  type Retrier = <T>(attempt: (bail: (error: Error) => void) => Promise<T>) => Promise<T>;
  function createRetry(options: { initialRetryTime: number; retries: number }): Retrier;
  export = createRetry;
}

declare module 'kafkajs/src/producer/sendMessages' {
  import type createRetry from 'kafkajs/src/retry';
  function createSendMessages(options: {
    readonly logger: object;
    readonly cluster: object;
    readonly partitioner: (args: { readonly message: { readonly partition?: number } }) => number;
    readonly eosManager: object;
    readonly retrier: ReturnType<typeof createRetry>;
  }): (batch: {
    readonly acks: number;
    readonly topicMessages: readonly { readonly topic: string; readonly messages: object[] }[];
  }) => Promise<unknown[]>;
  export = createSendMessages;
}

declare module 'kafkajs/src/network/requestQueue' {
  interface Entry {
    readonly correlationId: number;
    resolve(answer: unknown): void;
    reject(error: Error): void;
  }
  class RequestQueue {
    constructor(options: {
      readonly maxInFlightRequests: number | null;
      readonly requestTimeout: number;
      readonly enforceRequestTimeout: boolean;
      readonly clientId: string;
      readonly broker: string;
      readonly logger: object;
    });
    push(request: {
      readonly entry: Entry;
      readonly expectResponse: boolean;
      sendRequest(): void;
    }): void;
    fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
    maybeThrottle(ms: number): void;
    destroy(): void;
  }
  export = RequestQueue;
}
