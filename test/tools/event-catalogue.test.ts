import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder';
import { eventCatalogue } from '../../tools/event-catalogue';
import { eventTopics } from '../../topics/catalogue';

test('docs/events.md is what npm run events makes', () => {
  const written = readFileSync(path.join(projectFolder, 'docs/events.md'), 'utf8');
  expect(written).toBe(eventCatalogue());
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
