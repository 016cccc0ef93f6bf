import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder';
import { eventCatalogue } from '../../tools/event-catalogue';
import { dataFlow } from '../../tools/data-flow';
import { eventTopics } from '../../topics/catalogue';

const DATA_FLOW = 'docs/architecture/data-flow.drawio';

test('docs/events.md is what npm run events makes', () => {
  const written = readFileSync(path.join(projectFolder, 'docs/events.md'), 'utf8');
  expect(written).toBe(eventCatalogue());
});

test('docs/architecture/data-flow.drawio is what npm run events makes', () => {
  const written = readFileSync(path.join(projectFolder, DATA_FLOW), 'utf8');
  expect(written).toBe(dataFlow());
});

test('every topic of the data flow has its arrows, each with two ends', () => {
  const xml = dataFlow();
  const ids = [...xml.matchAll(/<mxCell id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const ends = (side: string) =>
    [...xml.matchAll(new RegExp(` ${side}="([^"]+)"`, 'g'))].map(([, id]) => id);
  const [sources, targets] = [ends('source'), ends('target')];
  expect([...sources, ...targets].filter((id) => !ids.includes(id))).toEqual([]);
  for (const { name } of eventTopics) {
    expect(sources).toContain(name);
    expect(targets).toContain(name);
  }
});

test('every topic and every event of it has its part', () => {
  const text = eventCatalogue();
  for (const { name, types } of eventTopics) {
    const [, part = ''] = text.split(`\n## ${name}\n`);
    const own = part.split('\n## ')[0] ?? '';
    expect(own).toMatch(/^\nWritten by \w[^;]*; read by \w[^;]*; /);
    for (const type of types) expect(own).toContain(`### ${type}\n`);
  }
});
