import { createServer, type AddressInfo, type Server } from 'node:net';
import { choosePort, portCandidates, type PortAttempt } from '../../../local/services/port-choice';
import { serviceNames } from '../../../local/services/service';
import { services } from '../../../local/services/services';

function attempts(free: (port: number) => boolean) {
  const asked: number[] = [];
  const attempt = (port: number): Promise<PortAttempt> => {
    asked.push(port);
    return Promise.resolve(
      free(port) ? { kind: 'free', release: () => undefined } : { kind: 'taken' },
    );
  };
  return { asked, attempt };
}

describe('a service', () => {
  test('gets its usual port when that is free', async () => {
    const { asked, attempt } = attempts(() => true);
    expect((await choosePort(9092, attempt)).port).toBe(9092);
    expect(asked).toEqual([9092]);
  });

  test('gets the first free port of the series when its usual one is taken', async () => {
    const { asked, attempt } = attempts((port) => port === 19112);
    expect((await choosePort(9092, attempt)).port).toBe(19112);
    expect(asked).toEqual([9092, 19092, 19102, 19112]);
  });

  test('fails with the ports it tried when none is free', async () => {
    const { attempt } = attempts(() => false);
    await expect(choosePort(9092, attempt)).rejects.toMatchObject({
      code: 'PORTS_TAKEN',
      message: expect.stringContaining('9092, 19092, 19102') as string,
    });
  });
});

test('no two services share a candidate, and none is one that Linux gives to connections', () => {
  const all = services.flatMap(({ usualPorts }) => usualPorts.flatMap(portCandidates));
  expect(services.map(({ name }) => name)).toEqual(serviceNames);
  expect(new Set(all).size).toBe(all.length);
  expect(Math.max(...all)).toBeLessThan(32_768);
});

describe('on real sockets', () => {
  let server: Server;
  let taken: number;

  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    taken = (server.address() as AddressInfo).port;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test('a port that somebody listens on is not chosen', async () => {
    const choice = await choosePort(taken);
    expect(choice.port).not.toBe(taken);
    choice.release();
  });

  test('a chosen port is not chosen again before it is released, though nobody listens', async () => {
    const first = await choosePort(21_313);
    const second = await choosePort(21_313);
    first.release();
    const third = await choosePort(first.port);
    expect(second.port).not.toBe(first.port);
    expect(third.port).toBe(first.port);
    second.release();
    third.release();
  });
});
