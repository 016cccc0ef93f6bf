/**
 * The processes of the apps, asked at their health ports. A name that stands for several addresses,
 * such as a headless service of a cluster, stands for a process at each. Several askers at once share
 * one round.
 */
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { TIMED_OUT, within } from '../deadline';
import { limits } from '../limits';
import { processOf, silent, type StreamsProcess } from './process-answers';

export class StreamsProcessWatch {
  private round: Promise<readonly StreamsProcess[]> | undefined;

  /** `urls`: of health servers, such as http://streams:8090. */
  constructor(private readonly urls: readonly string[]) {}

  /** Never rejects: whoever does not answer is silent. */
  processes(): Promise<readonly StreamsProcess[]> {
    this.round ??= this.ask().finally(() => {
      this.round = undefined;
    });
    return this.round;
  }

  private async ask(): Promise<readonly StreamsProcess[]> {
    const found = await Promise.all(this.urls.map(addressesOf));
    return Promise.all([...new Set(found.flat())].map(askOne));
  }
}

/** host:port of each process behind a URL; the URL's own where the name is not known now. */
async function addressesOf(url: string): Promise<readonly string[]> {
  const { host, hostname, port } = new URL(url);
  try {
    const name = hostname.replaceAll(/[[\]]/g, '');
    const found = await within(lookup(name, { all: true }), limits.processAnswerMs);
    if (found === TIMED_OUT) return [host];
    const all = found.map(({ address }) => address);
    // A name that has both kinds has a process behind one of them: localhost is an example.
    const plain = all.filter((address) => !isIPv6(address));
    const of = port === '' ? '80' : port;
    return (plain.length > 0 ? plain : all).map((address) =>
      isIPv6(address) ? `[${address}]:${of}` : `${address}:${of}`,
    );
  } catch {
    return [host];
  }
}

async function askOne(address: string): Promise<StreamsProcess> {
  const signal = AbortSignal.timeout(limits.processAnswerMs);
  const get = (path: string) => fetch(`http://${address}${path}`, { signal, redirect: 'error' });
  // Metrics are extra: a process that lives is up without them.
  const metrics = get('/metrics')
    .then((answer) => answer.text())
    .catch(() => undefined);
  try {
    // 503 is an answer too: it says which app has failed.
    const health: unknown = await (await get('/actuator/health')).json();
    return processOf(address, health, await metrics);
  } catch {
    return silent(address);
  }
}
