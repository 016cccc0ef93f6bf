/** `npm run events`: writes docs/events.md and docs/architecture/data-flow.drawio. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../platform/project-folder';
import { dataFlow } from './data-flow';
import { eventCatalogue } from './event-catalogue';

writeFileSync(path.join(projectFolder, 'docs/events.md'), eventCatalogue());
writeFileSync(path.join(projectFolder, 'docs/architecture/data-flow.drawio'), dataFlow());
