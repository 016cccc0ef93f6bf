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

/** Where kcat finds the log: host:port, …; and the URL of the schema registry. */
export interface KcatAddress {
  readonly brokers: string;
  readonly registryUrl: string;
}

/** Prints the one record, decoded. */
export function kcatCommand(
  { topic, partition, offset }: LogPlace,
  { brokers, registryUrl }: KcatAddress,
): string {
  const record = `-t ${topic} -p ${String(partition)} -o ${String(offset)} -c 1`;
  return `kcat -C -b ${brokers} ${record} -s value=avro -r ${registryUrl}`;
}
