/** The page: its services, its addresses, and the first look at who is signed in. */
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import DashboardApp from './dashboard-app.vue';
import '../platform/design/tokens.css';
import './design/base.css';
import './design/patterns.css';
import { usePreferences } from './frame/preferences';
import { openRouter } from './router';
import { provideServices } from './services';

const app = createApp(DashboardApp);
app.use(createPinia());
const { session } = provideServices(app);
app.use(openRouter());
void usePreferences()
  .begin()
  .then(() => {
    app.mount('#app');
    void session.check();
  });
