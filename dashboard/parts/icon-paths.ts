/** The page's icons as the lines of an SVG of 24 by 24, drawn for it. */
export const ICON_PATHS = {
  alert: 'M12 4 21 19.5H3ZM12 10v4.5M12 17v.01',
  order: 'M6 3.5h12v17l-3-2-3 2-3-2-3 2ZM9 8.5h6M9 12.5h6',
  topic: 'M4 6.5h16M4 12h16M4 17.5h16M8 5v3M14 10.5v3M10 16v3',
  health: 'M3 12.5h4l2.5-6 4.5 11 2.5-5H21',
  webhook: 'M4 12h11M11 7.5l4.5 4.5L11 16.5M19.5 5v14',
  stock: 'M3.5 8 12 4l8.5 4v8.5L12 20.5l-8.5-4ZM3.5 8 12 12l8.5-4M12 12v8.5',
  product: 'M4 4.500h7.500L20 13l-7 7-9-8.500ZM8 8.500v.01',
  limit: 'M3.5 7h17v11h-17ZM3.5 10.5h17M7 15h4',
  shop: 'M5 9v10.5h14V9M3.5 9 5.5 4.5h13L20.5 9ZM10 19.5v-5.5h4v5.5',
  cart: 'M3 4.5h2.5l2 11h10l2-8H6.5M9 19.5v.01M16 19.5v.01',
  menu: 'M4 7h16M4 12h16M4 17h16',
  language:
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  theme: 'M12 4a8 8 0 1 0 8 8 6.5 6.5 0 0 1-8-8Z',
  person:
    'M12 4.5a3.75 3.75 0 1 0 0 7.5 3.75 3.75 0 1 0 0-7.5M5 20c.5-4 3.5-5.5 7-5.5s6.5 1.5 7 5.5',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  minus: 'M6 12h12',
  plus: 'M12 6v12M6 12h12',
  down: 'M6 9.5l6 6 6-6',
  left: 'M14.5 6l-6 6 6 6',
  right: 'M9.5 6l6 6-6 6',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 1 0 0-12M15.5 15.5 20 20',
  bookmark: 'M7 4.5h10v15l-5-4-5 4Z',
  offline: 'M4 9c5-4.5 11-4.5 16 0M7.5 12.5c3-2.5 6-2.5 9 0M12 17v.01M4 4l16 16',
  empty: 'M4 13.5 6.5 5h11l2.5 8.5V19H4ZM4 13.5h5c.5 2 5.5 2 6 0h5',
  undo: 'M9 6 4.5 10.5 9 15M5 10.5h9c3.500 0 5.500 2 5.500 4.500S17.500 19 14 19h-3',
} as const;

export type IconName = keyof typeof ICON_PATHS;
