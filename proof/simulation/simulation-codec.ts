/** The codec of a run: every record has the id that a registry would have given it. */
import { recordTypes } from '../../schemas/avro-types';
import { Codec } from '../../platform/avro/codec';
import { allTopics } from '../../topics/catalogue';

export function simulationCodec(): Codec {
  return Codec.local(recordTypes, allTopics);
}
