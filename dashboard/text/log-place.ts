/** One record's place in the log: how it is written, and how it is read with kcat. */
export interface LogPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** orders.events.v1-3@42 */
export function placeText({ topic, partition, offset }: LogPlace): string {
  return `${topic}-${String(partition)}@${String(offset)}`;
}

/**
 * Prints the one record, decoded. The addresses are left to the shell: the page does not know them,
 * and whoever may read Kafka has them in the project's own variables.
 */
export function kcatCommand({ topic, partition, offset }: LogPlace): string {
  const record = `-t ${topic} -p ${String(partition)} -o ${String(offset)} -c 1`;
  return `kcat -C -b "$KAFKA_BROKERS" ${record} -s value=avro -r "$SCHEMA_REGISTRY_URL"`;
}
