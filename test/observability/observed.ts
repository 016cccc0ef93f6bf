/** Every expression of the rules and dashboards, each with where it stands. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { projectFolder } from '../../platform/project-folder';

export const observability = path.join(projectFolder, 'observability');

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Expression {
  readonly where: string;
  readonly text: string;
}

export const rules: readonly Rule[] = ['recording-rules.yml', 'alert-rules.yml'].flatMap((name) => {
  const file = parse(readFileSync(path.join(observability, 'prometheus', name), 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  };
  return file.groups.flatMap((group) => group.rules);
});

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

export const dashboards: readonly Dashboard[] = filesIn('grafana/dashboards').map(
  (text) => JSON.parse(text) as Dashboard,
);

export const expressions: readonly Expression[] = [
  ...rules.map(({ record, alert, expr }) => ({ where: record ?? alert ?? '', text: expr })),
  ...dashboards.flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ where: `${uid}: ${title}`, text: expr })),
    ),
  ),
];

function filesIn(folder: string): readonly string[] {
  const whole = path.join(observability, folder);
  return readdirSync(whole).map((name) => readFileSync(path.join(whole, name), 'utf8'));
}
