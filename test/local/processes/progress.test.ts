import { progressOn, type Progress } from '../../../local/processes/progress';

function shown(terminal: boolean, use: (progress: Progress) => void, columns = 40): string {
  const written: string[] = [];
  const write = (text: string): number => written.push(text);
  use(progressOn({ isTTY: terminal, columns, write }));
  return written.join('');
}

describe('without a terminal', () => {
  test('each phase of a service is one line, however often its detail changes', () => {
    const text = shown(false, (progress) => {
      progress.show('kafka', 'installing', 'downloading (1 files)');
      progress.show('kafka', 'installing', 'downloading (2 files)');
      progress.show('kafka', 'ready', '127.0.0.1:9092');
    });
    expect(text).toBe(
      'kafka     installing downloading (1 files)\nkafka     ready      127.0.0.1:9092\n',
    );
  });

  test('nothing is written that only a terminal understands', () => {
    const text = shown(false, (progress) => {
      progress.show('kafka', 'ready', '');
      progress.say('a line');
    });
    expect(text).not.toContain('\u001b');
  });
});

describe('in a terminal', () => {
  test('a change redraws the lines in place', () => {
    const text = shown(true, (progress) => {
      progress.show('kafka', 'starting', '');
      progress.show('redis', 'starting', '');
      progress.show('kafka', 'ready', '');
    });
    expect(text.split('\u001b[2A\u001b[0J').at(-1)).toBe(
      '✓ kafka     ready\n… redis     starting\n',
    );
  });

  test('no line is wider than the screen, or the redraw would miss its wrapped part', () => {
    const text = shown(true, (progress) => progress.show('kafka', 'ready', 'x'.repeat(200)));
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBe(39);
  });

  test('a terminal that says it has no columns gets the usual eighty', () => {
    const text = shown(true, (progress) => progress.show('kafka', 'ready', 'x'.repeat(200)), 0);
    expect(text.trimEnd()).toHaveLength(79);
  });

  test('lines written by others after closing are not erased', () => {
    const text = shown(true, (progress) => {
      progress.show('kafka', 'ready', '');
      progress.close();
      progress.say('stopped');
    });
    expect(text).not.toContain('\u001b');
  });
});
