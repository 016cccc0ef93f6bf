/**
 * The registry behind the codec. Registration is done once at start-up, with BACKWARD
 * compatibility per subject; an incompatible change fails it with the registry's own words.
 */
import { SchemaRegistry as ConfluentClient, SchemaType } from '@kafkajs/confluent-schema-registry';
import { recordTypeIn, type RecordType, type RecordTypes } from './record-types';
import { Codec, subjectOf, type MissingSchemas, type SchemaSource } from './codec';
import type { EventType } from './event';
import { registryAccess, type RegistryAccess } from './registry-access';
import { RegistryUnreachableError } from './registry-error';

export { RegistryUnreachableError } from './registry-error';

const REQUEST_TIMEOUT_MS = 5_000;
/** A start looks up a hundred subjects; a registry on H2 gains nothing from more at once. */
const REQUESTS_IN_FLIGHT_MAX = 8;

const JSON_HEADERS = { 'content-type': 'application/vnd.schemaregistry.v1+json' };

/** What is written where: `types` under `topic`. */
export interface TopicTypes {
  readonly name: string;
  readonly types: readonly EventType[];
}

/** The registry said no; its words are the message. */
export class SchemaRefusedError extends Error {
  override readonly name = 'SchemaRefusedError';
}

export class SchemaRegistry implements SchemaSource {
  private readonly client: ConfluentClient;
  private readonly access: RegistryAccess;

  /**
   * `url` is the base of Confluent's API, such as http://127.0.0.1:8081/apis/ccompat/v7, with a name and
   * a password where the registry asks for them; `token` in place of those.
   */
  constructor(
    url: string,
    private readonly records: RecordTypes,
    token?: string,
  ) {
    this.access = registryAccess(url, token);
    const { headers } = this.access;
    this.client = new ConfluentClient({
      host: this.access.url,
      middlewares: [
        () => ({ prepareRequest: async (next) => (await next()).enhance({ headers }) }),
      ],
      retry: { maxRetryTimeInSecs: 2, initialRetryTimeInSecs: 0.1, retries: 3 },
    });
  }

  /**
   * Registers every record of every topic and gives the codec that knows their ids. `missing`: how
   * it takes schemas that the registry does not have (yet).
   */
  async register(topics: readonly TopicTypes[], missing?: MissingSchemas): Promise<Codec> {
    const codec = new Codec(this.records, this, missing);
    const subjects = topics.flatMap(({ name, types }) => types.map((type) => ({ name, type })));
    const waiting = subjects[Symbol.iterator]();
    const registerWaiting = async () => {
      for (const { name, type } of waiting) {
        const record = recordTypeIn(this.records, type);
        const subject = subjectOf(name, record);
        const id =
          (await this.lookUp(subject, record)) ?? (await this.registerSubject(subject, record));
        codec.registered(name, type, id);
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_IN_FLIGHT_MAX }, registerWaiting));
    return codec;
  }

  async schemaById(id: number): Promise<string | undefined> {
    const response = await this.request(`/schemas/ids/${String(id)}`, { method: 'GET' });
    if (response.status === 404) return undefined;
    const body = (await response.json()) as { schema: string };
    return JSON.stringify(JSON.parse(body.schema));
  }

  /** Resolves when the registry answers; rejects with RegistryUnreachableError. */
  async check(): Promise<void> {
    const response = await this.request('/config', { method: 'GET' });
    await response.body?.cancel();
  }

  /** The id of exactly this schema under the subject, if it was registered before. */
  private async lookUp(subject: string, { schema }: RecordType): Promise<number | undefined> {
    const response = await this.request(`/subjects/${encodeURIComponent(subject)}`, {
      method: 'POST',
      headers: JSON_HEADERS,
      body: JSON.stringify({ schema }),
    });
    if (response.status === 404) return undefined;
    return ((await response.json()) as { id: number }).id;
  }

  private async registerSubject(subject: string, { schema }: RecordType): Promise<number> {
    // The registry's global default is NONE; setting the subject first leaves no moment in which
    // an incompatible schema would be taken.
    await this.request(`/config/${encodeURIComponent(subject)}`, {
      method: 'PUT',
      headers: JSON_HEADERS,
      body: JSON.stringify({ compatibility: 'BACKWARD' }),
    });
    try {
      const { id } = await this.client.register(
        { type: SchemaType.AVRO, schema },
        { subject, compatibility: 'BACKWARD' as never },
      );
      return id;
    } catch (error) {
      throw refusal(subject, error);
    }
  }

  private async request(path: string, init: RequestInit): Promise<Response> {
    const { url, headers } = this.access;
    let response: Response;
    try {
      response = await fetch(`${url}${path}`, {
        ...init,
        headers: { ...(init.headers as Readonly<Record<string, string>>), ...headers },
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
    } catch (error) {
      throw new RegistryUnreachableError(`${url}${path}`, { cause: error });
    }
    if (response.status >= 500) {
      throw new RegistryUnreachableError(`${url}${path}: HTTP ${String(response.status)}`);
    }
    if (!response.ok && response.status !== 404) {
      throw new SchemaRefusedError(
        `${path}: HTTP ${String(response.status)} ${await response.text()}`,
      );
    }
    return response;
  }
}

function refusal(subject: string, error: unknown): Error {
  const { status, message } = error as { status?: number; message?: string };
  if (status === undefined || status >= 500) {
    return new RegistryUnreachableError(`${subject}: ${String(message)}`, { cause: error });
  }
  return new SchemaRefusedError(`${subject}: ${String(message)}`, { cause: error });
}
