/**
 * The data flow for draw.io, out of what the apps declare: who writes on the left, every topic in the
 * middle, who reads on the right.
 */
import { eventTopics } from '../topics/catalogue';
import { usersOf } from './event-catalogue';

const ROW_PX = 50;
const HEIGHT_PX = 34;
const TOPIC = 'rounded=0;fillColor=#fff2cc;whiteSpace=wrap;html=1;';
const APP = 'rounded=1;fillColor=#d5e8d4;whiteSpace=wrap;html=1;';
const ARROW = 'edgeStyle=none;curved=1;endArrow=block;html=1;';

interface Column {
  readonly x: number;
  readonly width: number;
  readonly style: string;
}

const WRITERS: Column = { x: 40, width: 120, style: APP };
const TOPICS: Column = { x: 380, width: 330, style: TOPIC };
const READERS: Column = { x: 930, width: 120, style: APP };

export function dataFlow(): string {
  const flows = eventTopics.map((topic) => ({ name: topic.name, ...usersOf(topic) }));
  const writers = [...new Set(flows.flatMap((flow) => flow.writers))];
  const readers = [...new Set(flows.flatMap((flow) => flow.readers))];
  const height = flows.length * ROW_PX;
  const cells = [
    ...column(WRITERS, writers, height, (name) => `writes ${name}`),
    ...column(
      TOPICS,
      flows.map(({ name }) => name),
      height,
      (name) => name,
    ),
    ...column(READERS, readers, height, (name) => `reads ${name}`),
    ...flows.flatMap(({ name, ...uses }) => [
      ...uses.writers.map((writer) => arrow(`writes ${writer}`, name)),
      ...uses.readers.map((reader) => arrow(name, `reads ${reader}`)),
    ]),
  ];
  return `<mxfile host="app.diagrams.net">
  <diagram id="data-flow" name="Data flow">
    <mxGraphModel dx="1100" dy="700" grid="1" gridSize="10" page="1" pageWidth="1100" pageHeight="${String(height + 2 * ROW_PX)}">
      <root>
        <mxCell id="0" />
        <mxCell id="1" parent="0" />
${cells.join('\n')}
      </root>
    </mxGraphModel>
  </diagram>
</mxfile>
`;
}

/** Evenly over the height of the picture. */
function column(
  { x, width, style }: Column,
  names: readonly string[],
  height: number,
  idOf: (name: string) => string,
): readonly string[] {
  return names.map((name, place) => {
    const y = Math.round(((place + 0.5) * height) / names.length);
    return `        <mxCell id="${idOf(name)}" value="${name}" style="${style}" vertex="1" parent="1">
          <mxGeometry x="${String(x)}" y="${String(y)}" width="${String(width)}" height="${String(HEIGHT_PX)}" as="geometry" />
        </mxCell>`;
  });
}

function arrow(source: string, target: string): string {
  return `        <mxCell id="${source} to ${target}" style="${ARROW}" edge="1" parent="1" source="${source}" target="${target}">
          <mxGeometry relative="1" as="geometry" />
        </mxCell>`;
}
