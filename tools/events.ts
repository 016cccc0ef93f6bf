/** `npm run events`: writes docs/events.md. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../platform/project-folder';
import { eventCatalogue } from './event-catalogue';

writeFileSync(path.join(projectFolder, 'docs/events.md'), eventCatalogue());
