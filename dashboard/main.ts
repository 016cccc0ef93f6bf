/** The page: its services, its addresses, and the first look at who is signed in. */
import { createApp } from 'vue';
import DashboardApp from './dashboard-app.vue';
import { openRouter } from './router';
import { provideServices } from './services';
import './style.css';

const app = createApp(DashboardApp);
const { session } = provideServices(app);
app.use(openRouter());
app.mount('#app');
void session.check();
