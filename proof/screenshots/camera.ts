/**
 * Takes pictures of the dashboard: a browser context for each language, appearance and width, signed
 * in once for each person. The server can be cut off, for requests and sockets alike, so that a page
 * is seen as it is when its server is gone.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { DEMO_PASSWORD, operator, shopper } from '../../local/pipeline/demo-people';
import type { Screen } from './screens';

export const LOCALES = ['ja', 'en', 'zh'] as const;
export const THEMES = ['light', 'dark'] as const;
export const WIDTHS = ['wide', 'narrow'] as const;
/** Whole: as long as the page is. Readme: what a screen shows, small enough for a page of text. */
export type Extent = 'whole' | 'readme';
export const STATES = ['full', 'empty', 'disconnected'] as const;

export interface Look {
  readonly locale: (typeof LOCALES)[number];
  readonly theme: (typeof THEMES)[number];
  readonly width: (typeof WIDTHS)[number];
}

const VIEWPORTS = {
  wide: { width: 1_440, height: 900 },
  narrow: { width: 360, height: 740 },
} as const;
const README_VIEWPORT = { width: 1_280, height: 800 } as const;

/** On a busy machine a page takes seconds to load. */
const SHOWN_WITHIN_MS = 30_000;
/** After what was asked for has been answered: curves are drawn, pictures decoded. */
const SETTLE_MS = 600;
/** A cut socket is noticed at once, a request that fails is retried once by then. */
const CUT_MS = 1_500;

type Session = Awaited<ReturnType<BrowserContext['storageState']>>;

export class Camera {
  private readonly sessions = new Map<Screen['who'], Session>();

  constructor(
    private readonly browser: Browser,
    private readonly urls: { readonly edge: string; readonly simulator: string },
    private readonly folder: string,
    private readonly extent: Extent = 'whole',
  ) {}

  /** Pictures of all these screens in one look; gives the files. */
  async take(
    look: Look,
    states: readonly (typeof STATES)[number][],
    screens: readonly Screen[],
  ): Promise<readonly string[]> {
    const files: string[] = [];
    for (const who of ['nobody', 'ops', 'shopper'] as const) {
      const own = screens.filter((screen) => screen.who === who);
      if (own.length === 0) continue;
      const { context, cut } = await this.open(look, who);
      const page = await context.newPage();
      page.setDefaultTimeout(SHOWN_WITHIN_MS);
      for (const screen of own) {
        for (const state of states) {
          const address = state === 'empty' ? screen.emptyPath : screen.path;
          if (address === undefined) continue;
          await this.show(page, `${this.urls[screen.on ?? 'edge']}${address}`);
          // Who has nothing to show, or nobody to ask, shows no rate.
          if (state === 'full') await page.waitForTimeout(screen.movesAfterMs ?? 0);
          if (state === 'disconnected') {
            await cut(true);
            await page.waitForTimeout(CUT_MS);
          }
          files.push(await this.keep(page, look, `${screen.name}-${state}`));
          await cut(false);
        }
      }
      await context.close();
    }
    return files;
  }

  private async open({ locale, theme, width }: Look, who: Screen['who']) {
    const session = await this.sessionOf(who);
    const context = await this.browser.newContext({
      colorScheme: theme,
      viewport: this.extent === 'readme' ? README_VIEWPORT : VIEWPORTS[width],
      ...(session === undefined ? {} : { storageState: session }),
    });
    await context.addInitScript(
      `localStorage.setItem('locale', '${locale}'); localStorage.setItem('theme', '${theme}');`,
    );
    return { context, cut: await severable(context) };
  }

  private async show(page: Page, address: string): Promise<void> {
    await page.goto(address);
    // Where there is no room for both, the heading of what is open stands for the page's own.
    await page.locator('h1:visible, h2:visible').first().waitFor();
    await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined);
    await page.waitForTimeout(SETTLE_MS);
  }

  private async keep(page: Page, { locale, theme, width }: Look, name: string): Promise<string> {
    const isWhole = this.extent === 'whole';
    const folder = isWhole ? path.join(this.folder, locale, `${theme}-${width}`) : this.folder;
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${isWhole ? name : name.replace(/-full$/, '')}.png`);
    await page.screenshot({ path: file, fullPage: isWhole });
    return file;
  }

  /** Signed in once; the cookie serves every look. */
  private async sessionOf(who: Screen['who']): Promise<Session | undefined> {
    if (who === 'nobody') return undefined;
    const known = this.sessions.get(who);
    if (known !== undefined) return known;
    const context = await this.browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(SHOWN_WITHIN_MS);
    await page.goto(`${this.urls.edge}/`);
    await page.locator('input[type="email"]').fill((who === 'ops' ? operator : shopper).email);
    await page.locator('input[type="password"]').fill(DEMO_PASSWORD);
    await page.locator('form button[type="submit"]').click();
    await page.locator('nav').first().waitFor();
    const session = await context.storageState();
    await context.close();
    this.sessions.set(who, session);
    return session;
  }
}

/** What is returned cuts the context off from the server, or lets it through again. */
async function severable(context: BrowserContext): Promise<(isCut: boolean) => Promise<void>> {
  let isCut = false;
  const sockets = new Set<WebSocketRoute>();
  await context.routeWebSocket(/socket\.io/, (socket) => {
    if (isCut) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    sockets.add(socket);
  });
  await context.route(/\/(api|auth|actuator|socket\.io|simulator)\//, (route) =>
    isCut ? route.abort() : route.continue(),
  );
  return async (cut) => {
    isCut = cut;
    if (!cut) return;
    await Promise.all([...sockets].map((socket) => socket.close().catch(() => undefined)));
    sockets.clear();
  };
}
